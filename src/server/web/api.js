// The control API of this server. The session is a cookie that scripts cannot see.

// What the server refused, or that it does not answer.
export class Problem extends Error {
  constructor(status, body) {
    super(body.title ?? `The server answered ${status}.`);
    this.status = status;  // 0: no answer
    this.code = body.code ?? '';
    this.detail = body.detail ?? '';
    this.body = body;
  }
}

let signedOut = () => {};
// `act` is called when the server says that nobody is signed in.
export function whenSignedOut(act) { signedOut = act; }

async function call(method, path, body, signal) {
  const request = {method, signal, headers: {Accept: 'application/json'}};
  if (body !== undefined) {
    request.body = JSON.stringify(body);
    request.headers['Content-Type'] = 'application/json';
  }
  let reply;
  try {
    reply = await fetch(path, request);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem(0, {code: 'server.gone', title: 'Product Sync does not answer.',
      detail: 'It may be stopped, or the network is down. This page tries again by itself.'});
  }
  const answer = reply.status === 204 ? {} : await reply.json().catch(() => ({}));
  if (reply.ok) return answer;
  const problem = new Problem(reply.status, answer);
  if (reply.status === 401 && path !== '/v1/session') signedOut();
  throw problem;
}

export const get = (path, signal) => call('GET', path, undefined, signal);
export const post = (path, body = {}) => call('POST', path, body);
export const put = (path, body) => call('PUT', path, body);
export const remove = path => call('DELETE', path);

// path`/v1/sites/${site}/products/${sku}`: each value is one segment, whatever it holds.
export function path(texts, ...values) {
  return texts.reduce((all, text, i) => all + encodeURIComponent(values[i - 1]) + text);
}

// The parameters that are set, behind a `?`.
export function query(parameters) {
  const set = Object.entries(parameters).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  return set.length ? '?' + new URLSearchParams(set) : '';
}
