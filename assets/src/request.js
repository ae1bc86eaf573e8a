// Talking to our own server. Requests carry `X-Requested-With: fetch`; to those the
// server answers with codes in JSON, and with 401 {"error":"login"} when the session or
// the CSRF token has run out.

const meta = () => document.querySelector('meta[name="csrf-token"]');

/** The token of this page, from the form if one is given. */
export function token(form) {
  const input = form && form.elements.namedItem("csrf_token");
  if (input) return input.value;
  return meta() ? meta().content : "";
}

/** Puts a new token into every form of the page. */
export function renewToken(value) {
  document.querySelectorAll('input[name="csrf_token"]').forEach((input) => {
    input.value = value;
  });
  if (meta()) meta().content = value;
}

/** Sends a body; throws TypeError when the network is down. */
export function post(url, body, options = {}) {
  return fetch(url, {
    method: "POST",
    body,
    credentials: "same-origin",
    headers: { "X-Requested-With": "fetch", Accept: "application/json, text/html" },
    ...options,
  });
}

/** The JSON of an answer, or an empty object where it has none. */
export async function answer(response) {
  const type = response.headers.get("Content-Type") || "";
  if (!type.includes("json")) return {};
  try {
    return (await response.json()) || {};
  } catch (error) {
    return {};
  }
}

/** A fresh CSRF token and who is logged in, as {csrf_token, user}. */
export async function identify(url) {
  const response = await fetch(url, {
    credentials: "same-origin",
    headers: { "X-Requested-With": "fetch", Accept: "application/json" },
  });
  return response.ok ? answer(response) : {};
}
