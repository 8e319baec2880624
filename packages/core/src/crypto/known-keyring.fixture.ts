import { createHash } from 'node:crypto'
import { concatBytes } from '../bytes/concat-bytes.ts'
import { createKeyring } from './create-keyring.ts'
import type { Keyring } from './keyring.ts'
import { tagSize } from './chunk-cipher.ts'

/** A keyring with one known key. */
export function knownKeyring(id = 'main'): Keyring {
  return createKeyring({ keys: [{ id, secret: knownSecret(id) }] })
}

/** Bytes that are not all alike. */
export function content(size: number, seed = 1): Uint8Array {
  return digest(`content ${seed}`, size)
}

/** Everything a stream yields, joined. */
export async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return concatBytes(all)
}

/** The header and the sealed chunks of a message. */
export function parts(sealed: Uint8Array, chunkSize: number): { header: Uint8Array; chunks: Uint8Array[] } {
  const size = 6 + sealed[5]! + 32
  const chunks: Uint8Array[] = []
  for (let at = size; at < sealed.length; at += chunkSize + tagSize)
    chunks.push(sealed.subarray(at, at + chunkSize + tagSize))
  return { header: sealed.subarray(0, size), chunks }
}

/** The key of {@link knownKeyring}. */
export function knownSecret(id: string): Uint8Array {
  return digest(`key ${id}`, 32)
}

function digest(text: string, outputLength: number): Uint8Array {
  return outputLength === 0
    ? new Uint8Array()
    : new Uint8Array(createHash('shake256', { outputLength }).update(text).digest())
}
