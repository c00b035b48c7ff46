// The web API. Every call either gives what the server answered or throws an ApiError.
const PATIENCE_MS = 30000;

/** `status` 0: nobody answered. `wait`: seconds that the server asks for, else 0. */
export class ApiError extends Error {
  constructor(status, message, wait) {
    super(message);
    this.status = status;
    this.wait = wait;
  }
}

export class Api {
  /** `server`: the address that /chat is below. */
  constructor(server) {
    this.base = server.replace(/\/+$/, "") + "/chat/";
  }

  session(signal) {
    return this.call("POST", "session", { body: {}, signal });
  }

  /** `message`: {id, text} or {id, payload}. */
  send(token, message, signal) {
    return this.call("POST", "messages", { token, body: message, signal });
  }

  history(token, signal) {
    return this.call("GET", "history", { token, signal });
  }

  erase(token) {
    return this.call("DELETE", "conversation", { token });
  }

  async call(method, path, { token, body, signal }) {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), PATIENCE_MS);
    const stop = () => control.abort();
    signal?.addEventListener("abort", stop);
    const headers = {};
    if (body) headers["Content-Type"] = "application/json";
    if (token) headers.Authorization = `Bearer ${token}`;
    try {
      const response = await fetch(this.base + path, {
        method, headers, body: body && JSON.stringify(body),
        credentials: "omit", cache: "no-store", signal: control.signal,
      });
      if (!response.ok) throw await refusal(response);
      return response.status === 204 ? null : await response.json();
    } catch (error) {
      throw error instanceof ApiError ? error : new ApiError(0, "", 0);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    }
  }
}

async function refusal(response) {
  const told = await response.json().catch(() => ({}));
  const wait = Number(response.headers.get("Retry-After")) || 0;
  return new ApiError(response.status, String(told.message || ""), wait);
}
