/** Long, and with letters in both cases and digits: how tokens in paths look, and identifiers do not. */
const tokenLike = /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[\w:.~-]{20,}$/

/** A URL fit for errors and logs: no credentials, no values of the query, and no part of the path that looks like a token. */
export function safeUrl(url: URL): string {
  const path = url.pathname.split('/').map((part) => (tokenLike.test(decode(part)) ? '…' : part))
  const names = [...new Set(url.searchParams.keys())].map((name) => `${encodeURIComponent(name)}=…`)
  return `${url.origin}${path.join('/')}${names.length === 0 ? '' : `?${names.join('&')}`}`
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
