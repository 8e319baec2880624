import { statementErrors } from './errors.ts'

/** Which format a file has, by how it begins. @throws `PAYMENTS_STATEMENT_FORMAT_UNKNOWN` */
export function detectFormat(head: Uint8Array): 'camt' | 'mt940' | 'ofx' | 'bai2' {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 1024))
    .toString('latin1')
    // UTF-16 has a zero beside each letter.
    .replaceAll('\u0000', '')
    .replace(/^(?:ï»¿|ÿþ|þÿ)/, '')
    .trimStart()
  if (/^OFXHEADER/i.test(text) || /<\?OFX|<OFX>/i.test(text)) return 'ofx'
  if (text.startsWith('<')) return 'camt'
  if (text.startsWith('01,')) return 'bai2'
  if (text.startsWith('\u0001') || /^(?:\{1:|:20:|:940:)/.test(text) || /(?:^|\n):20:/.test(text)) return 'mt940'
  throw statementErrors.PAYMENTS_STATEMENT_FORMAT_UNKNOWN()
}
