"""Taking a plugin into the portal's own environment, and out of it again.

In this order, so that what is wrong is found while nothing has changed: a wheel is
made of what was given (`wheels`), it is laid out in a scratch folder and read
(`candidates`), admitted there by a process of its own and tried by the kit (`trials`).
Only then is it installed (`environment`) and its tables brought up to date (`steps`).

No step needs a network: a wheel is built with the build tools that are here, and a
plugin that needs a further package says so instead of fetching it.
"""
