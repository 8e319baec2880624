import type { Duplex } from 'node:stream'
import { ExprsnError } from '../../errors/exprsn-error.ts'
import { clientErrors } from '../errors.ts'

/** Each coding multiplies what a small body can become; nobody needs more than two. */
const mostCodings = 2

/** What the client says it understands. */
export const acceptedCodings = 'gzip, deflate, br, zstd'

/**
 * Undoes the codings of a body (RFC 9110 §8.4), the last applied first. It unpacks no further than its reader reads, so
 * that a bomb is found out by whoever counts what comes out.
 *
 * @param codings The value of `content-encoding`.
 * @throws `CORE_CLIENT_RESPONSE_INVALID` for unknown codings and damaged or incomplete data.
 */
export function decodeBody(raw: AsyncIterable<Uint8Array>, codings: string, origin: string): AsyncIterable<Uint8Array> {
  const names = codings
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
  if (names.length === 0) return raw
  const unknown = names.find((name) => !Object.hasOwn(decoders, name))
  if (unknown !== undefined || names.length > mostCodings)
    throw clientErrors.CORE_CLIENT_RESPONSE_INVALID({ origin, reason: `unsupported content-encoding "${codings}"` })
  return decoded(raw, names.toReversed() as Coding[], origin)
}

type Coding = keyof typeof decoders

const decoders = {
  gzip: (zlib: Zlib) => zlib.createGunzip(),
  'x-gzip': (zlib: Zlib) => zlib.createGunzip(),
  br: (zlib: Zlib) => zlib.createBrotliDecompress(),
  zstd: (zlib: Zlib) => zlib.createZstdDecompress(),
  deflate: (zlib: Zlib, first: number) => (isZlib(first) ? zlib.createInflate() : zlib.createInflateRaw()),
} satisfies Record<string, (zlib: Zlib, first: number) => Duplex & { readonly bytesWritten: number }>

type Zlib = typeof import('node:zlib')

/** Some services send bare DEFLATE data for `deflate`, which means the zlib format (RFC 9110 §8.4.1.2, RFC 1950 §2.2). */
function isZlib(firstByte: number): boolean {
  return (firstByte & 0x0f) === 8
}

async function* decoded(
  raw: AsyncIterable<Uint8Array>,
  codings: readonly Coding[],
  origin: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  // One coding inside of another: the outer is undone by a generator of its own, which needs the first byte anyway.
  const [coding, ...inner] = codings
  if (coding === undefined) {
    yield* raw
    return
  }
  yield* decoded(decodedOnce(raw, coding, origin), inner, origin)
}

async function* decodedOnce(
  raw: AsyncIterable<Uint8Array>,
  coding: Coding,
  origin: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const zlib = await import('node:zlib')
  const { Readable, pipeline } = await import('node:stream')
  const source = raw[Symbol.asyncIterator]()
  const first = await source.next()
  if (first.done === true) return
  const decoder = decoders[coding](zlib, first.value[0] ?? 0)
  // The error reaches the reader through the decoder; the callback only keeps it from being thrown at nobody.
  let fed = 0
  const count = (chunk: Uint8Array): void => void (fed += chunk.length)
  pipeline(Readable.from(rejoined(first.value, source, count)), decoder, () => {})
  try {
    for await (const chunk of decoder) yield chunk as Uint8Array
    // node:zlib stops after a zstd frame and drops in silence what follows it in the same chunk.
    if (coding === 'zstd' && decoder.bytesWritten < fed)
      throw clientErrors.CORE_CLIENT_RESPONSE_INVALID({ origin, reason: 'data after the end of a zstd frame' })
  } catch (cause) {
    if (ExprsnError.is(cause) || (cause as { code?: unknown }).code === undefined) throw cause
    const reason = `damaged or incomplete ${coding} data, ${String((cause as { code?: unknown }).code)}`
    throw clientErrors.CORE_CLIENT_RESPONSE_INVALID({ origin, reason }, { cause })
  }
}

async function* rejoined(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    onChunk(first)
    yield first
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
      onChunk(next.value)
      yield next.value
    }
  } finally {
    await rest.return?.()
  }
}
