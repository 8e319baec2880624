/** A mail that the sink took. */
export interface ReceivedMail {
  /** The envelope's sender; empty for `<>`. */
  readonly from: string
  /** The envelope's recipients that were accepted. */
  readonly to: readonly string[]
  /** Header and body as they came, dots unstuffed. */
  readonly raw: string
  /** Who logged in. */
  readonly user: string | undefined
  /** Whether it came through TLS. */
  readonly secure: boolean
  /** The first header of a name, unfolded, encoded words decoded; undefined when there is none. */
  header(name: string): string | undefined
  /** The body, transfer encoding of a mail without parts decoded. */
  readonly body: string
}

/** Reads what a test asks for out of a mail: no general MIME parser. */
export function receivedMail(
  envelope: Pick<ReceivedMail, 'from' | 'to' | 'user' | 'secure'>,
  bytes: Buffer,
): ReceivedMail {
  const raw = bytes.toString('utf8')
  const [head = '', ...rest] = raw.split('\r\n\r\n')
  const lines = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')
  const header = (name: string): string | undefined => {
    const start = `${name.toLowerCase()}:`
    const line = lines.find((each) => each.toLowerCase().startsWith(start))
    return line === undefined ? undefined : decodeWords(line.slice(start.length).trim())
  }
  const body = decodeBody(rest.join('\r\n\r\n'), header('content-transfer-encoding') ?? '')
  return { ...envelope, raw, header, body }
}

/** Encoded words (RFC 2047 §2); the white space between two of them is none (§6.2). */
function decodeWords(value: string): string {
  return value
    .replaceAll(/(=\?utf-8\?[bq]\?[^?\s]*\?=)\s+(?==\?utf-8\?[bq]\?[^?\s]*\?=)/gi, '$1')
    .replaceAll(/=\?utf-8\?([bq])\?([^?\s]*)\?=/gi, (_, kind: string, text: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString('utf8')
        : decodeQuotedPrintable(text.replaceAll('_', ' ')),
    )
}

function decodeBody(body: string, encoding: string): string {
  if (encoding.toLowerCase() === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  if (encoding.toLowerCase() === 'quoted-printable') return decodeQuotedPrintable(body)
  return body
}

/** RFC 2045 §6.7. */
function decodeQuotedPrintable(text: string): string {
  const joined = Buffer.from(text.replaceAll(/[ \t]*=\r\n/g, ''), 'utf8').toString('latin1')
  const bytes = joined.replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
