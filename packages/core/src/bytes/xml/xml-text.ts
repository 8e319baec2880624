import { bytesErrors } from '../errors.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const predefined: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
// oxlint-disable-next-line no-control-regex -- the characters that XML does not have
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/u
// oxlint-disable-next-line no-control-regex -- quick look: does a piece need any work at all?
const plain = /^[\t\n\u0020-\u0025\u0027-\u007f]*$/u

/** Characters from a piece of input, one character per byte. @throws `CORE_BYTES_XML_INVALID` */
export function decodeText(raw: string, isUtf8: boolean, offset: number): string {
  if (plain.test(raw)) return raw
  let text = raw
  // oxlint-disable-next-line no-control-regex -- is there anything beyond ASCII?
  if (isUtf8 && /[^\u0000-\u007f]/u.test(raw)) {
    try {
      text = utf8.decode(Buffer.from(raw, 'latin1'))
    } catch (cause) {
      throw bytesErrors.CORE_BYTES_XML_INVALID({ reason: 'it is not valid UTF-8', offset }, { cause })
    }
  }
  const wrong = forbidden.exec(text)
  if (wrong !== null) throw invalid(`the character ${codePoint(wrong[0])} is not allowed`, offset)
  return text
}

/** Text with its line ends as XML wants them (§2.11) and its references resolved (§4.1). @throws `CORE_BYTES_XML_INVALID` */
export function decodeContent(raw: string, isUtf8: boolean, offset: number): string {
  if (plain.test(raw)) return raw
  const text = decodeText(raw, isUtf8, offset)
  return resolveReferences(text.includes('\r') ? text.replaceAll(/\r\n?/gu, '\n') : text, offset)
}

/** An attribute's value: white space characters become spaces (§3.3.3), references are resolved. */
export function decodeAttribute(raw: string, isUtf8: boolean, offset: number): string {
  const text = decodeText(raw, isUtf8, offset)
  return resolveReferences(/[\t\n\r]/u.test(text) ? text.replaceAll(/\r\n|[\t\n\r]/gu, ' ') : text, offset)
}

function resolveReferences(text: string, offset: number): string {
  let at = text.indexOf('&')
  if (at < 0) return text
  let resolved = ''
  let done = 0
  for (; at >= 0; at = text.indexOf('&', done)) {
    const end = text.indexOf(';', at)
    if (end < 0 || end - at > 12) throw invalid('an "&" that begins no reference', offset)
    resolved += text.slice(done, at) + referenceOf(text.slice(at + 1, end), offset)
    done = end + 1
  }
  return resolved + text.slice(done)
}

function referenceOf(name: string, offset: number): string {
  if (Object.hasOwn(predefined, name)) return predefined[name]!
  const match = /^#(?:(\d{1,7})|x([\da-fA-F]{1,6}))$/u.exec(name)
  if (match === null) throw invalid(`the reference &${printable(name)}; is not one of the predefined`, offset)
  const code = match[1] === undefined ? Number.parseInt(match[2]!, 16) : Number(match[1])
  const isCharacter = code <= 0x10_ffff && !(code >= 0xd800 && code <= 0xdfff)
  const character = isCharacter ? String.fromCodePoint(code) : '\0'
  if (forbidden.test(character)) throw invalid(`&${name}; is not a character of XML`, offset)
  return character
}

function printable(text: string): string {
  return text.replaceAll(/[^\u0020-\u007e]/gu, '?')
}

function codePoint(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
}

function invalid(reason: string, offset: number) {
  return bytesErrors.CORE_BYTES_XML_INVALID({ reason, offset })
}
