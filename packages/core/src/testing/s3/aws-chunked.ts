import { S3Refusal } from './s3-refusal.ts'
import { equalText, hmac, sha256Hex, type SigningContext } from './signature.ts'

/** What was inside an aws-chunked body. */
export interface ChunkedContent {
  readonly content: Uint8Array
  readonly trailers: Readonly<Record<string, string>>
}

const emptyHash = sha256Hex('')
const smallestSignedChunk = 8 * 1_024

const modes: Readonly<Record<string, { readonly signed: boolean; readonly trailer: boolean }>> = {
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': { signed: false, trailer: true },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': { signed: true, trailer: false },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': { signed: true, trailer: true },
}

/**
 * Decodes the framing `hex[;chunk-signature=…] CRLF data CRLF … 0 CRLF [trailers] CRLF` and checks every signature in it
 * (Amazon S3 API Reference, "Signature calculations for the Authorization header: transferring payload in multiple
 * chunks (chunked upload)" and "… including trailing headers (chunked upload)"). Signed chunks but the last have at
 * least 8 KiB; the whole must have the announced decoded length.
 */
export function decodeChunked(
  raw: Uint8Array,
  payload: string,
  headers: Readonly<Record<string, string>>,
  signing: SigningContext | undefined,
): ChunkedContent {
  const mode = Object.hasOwn(modes, payload) ? modes[payload] : undefined
  if (mode === undefined) throw new S3Refusal('InvalidArgument', 'x-amz-content-sha256 has an unknown streaming mode.')
  if (!(headers['content-encoding'] ?? '').split(',').includes('aws-chunked') && !mode.trailer && !mode.signed)
    throw new S3Refusal('InvalidRequest', 'A streaming body needs content-encoding aws-chunked.')
  const length = Number(headers['x-amz-decoded-content-length'] ?? Number.NaN)
  if (!Number.isSafeInteger(length)) throw new S3Refusal('MissingContentLength')

  const reader = new ChunkReader(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength))
  const chunks: Uint8Array[] = []
  let previous = signing?.signature ?? ''
  let total = 0
  for (let chunk = reader.chunk(mode.signed); ; chunk = reader.chunk(mode.signed)) {
    if (mode.signed && signing !== undefined) {
      const text = [
        'AWS4-HMAC-SHA256-PAYLOAD',
        signing.timestamp,
        signing.scope,
        previous,
        emptyHash,
        sha256Hex(chunk.data),
      ]
      previous = checkSignature(signing, text, chunk.signature)
    }
    if (chunk.data.length === 0) break
    const last = total + chunk.data.length >= length
    if (mode.signed && !last && chunk.data.length < smallestSignedChunk)
      throw new S3Refusal('InvalidRequest', 'Only the last chunk is allowed to have a size less than 8192 bytes')
    chunks.push(chunk.data)
    total += chunk.data.length
  }
  if (total !== length) throw new S3Refusal('IncompleteBody')
  const trailers = readTrailers(reader, headers['x-amz-trailer'], mode, signing, previous)
  reader.end()
  return { content: Buffer.concat(chunks), trailers }
}

function readTrailers(
  reader: ChunkReader,
  announced: string | undefined,
  mode: { readonly signed: boolean; readonly trailer: boolean },
  signing: SigningContext | undefined,
  previous: string,
): Record<string, string> {
  const lines = reader.trailers()
  const signature = lines.get('x-amz-trailer-signature')
  lines.delete('x-amz-trailer-signature')
  const names = announced?.split(',').map((name) => name.trim().toLowerCase()) ?? []
  const complete = names.length === lines.size && names.every((name) => lines.has(name))
  if (!complete || (lines.size > 0 && !mode.trailer))
    throw new S3Refusal('InvalidRequest', 'The trailers are not those of x-amz-trailer.')
  if (mode.signed && mode.trailer && signing !== undefined) {
    const canonical = [...lines].map(([name, value]) => `${name}:${value}\n`).join('')
    const text = ['AWS4-HMAC-SHA256-TRAILER', signing.timestamp, signing.scope, previous, sha256Hex(canonical)]
    checkSignature(signing, text, signature)
  }
  return Object.fromEntries(lines)
}

function checkSignature({ signingKey }: SigningContext, lines: readonly string[], sent: string | undefined): string {
  const expected = hmac(signingKey, lines.join('\n')).toString('hex')
  if (sent === undefined || !equalText(expected, sent)) throw new S3Refusal('SignatureDoesNotMatch')
  return expected
}

class ChunkReader {
  readonly #bytes: Buffer
  #position = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  chunk(signed: boolean): { readonly data: Uint8Array; readonly signature: string | undefined } {
    const match = /^([0-9a-fA-F]{1,16})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(this.#line())
    if (match === null || signed !== (match[2] !== undefined))
      throw new S3Refusal('InvalidRequest', 'A chunk header is malformed.')
    const size = Number.parseInt(match[1]!, 16)
    const data = this.#bytes.subarray(this.#position, this.#position + size)
    if (data.length < size) throw new S3Refusal('IncompleteBody')
    this.#position += size
    if (size > 0 && this.#line() !== '') throw new S3Refusal('IncompleteBody')
    return { data, signature: match[2] }
  }

  trailers(): Map<string, string> {
    const lines = new Map<string, string>()
    for (let line = this.#line(); line !== ''; line = this.#line()) {
      const colon = line.indexOf(':')
      if (colon < 1) throw new S3Refusal('InvalidRequest', 'A trailer is malformed.')
      lines.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
    }
    return lines
  }

  end(): void {
    if (this.#position !== this.#bytes.length) throw new S3Refusal('IncompleteBody')
  }

  #line(): string {
    const end = this.#bytes.indexOf('\r\n', this.#position)
    if (end === -1 || end - this.#position > 8_192) throw new S3Refusal('IncompleteBody')
    const line = this.#bytes.toString('latin1', this.#position, end)
    this.#position = end + 2
    return line
  }
}
