"""How teachers come into the portal: checked spreadsheets, transfers, activation."""
