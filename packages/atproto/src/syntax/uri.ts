const shape = /^[a-z][a-z.-]{0,80}:[\x21-\x7e]+$/

/**
 * Whether the text is a URI of any scheme in printable ASCII, at most 8 KiB. It says nothing about whether following it is
 * safe: see {@link isWebUrl}.
 */
export function isUri(text: string): boolean {
  return text.length <= 8192 && shape.test(text)
}

/**
 * Whether the text is an absolute http or https URL without a user name and password: what may be shown as a link. URLs of
 * other schemes, `javascript:` above all, are none.
 *
 * @example
 * ```ts
 * import { isWebUrl } from '@exprsn/atproto/syntax'
 *
 * console.log(isWebUrl('https://example.com/a'), isWebUrl('javascript:alert(1)')) // true false
 * ```
 */
export function isWebUrl(text: string): boolean {
  if (!isUri(text) || !URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === ''
}
