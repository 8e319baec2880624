import { concatBytes } from '../bytes/concat-bytes.ts'
import { openStream, type OpenOptions } from './open-stream.ts'

/**
 * Opens a whole sealed message; nothing is given unless all of it is right.
 *
 * @throws the errors of {@link openStream}.
 * @example
 * ```ts
 * import { createKeyring, generateSecret, open, seal } from '@exprsn/core/crypto'
 *
 * const keyring = createKeyring({ keys: [{ id: 'main', secret: generateSecret() }] })
 * const sealed = await seal(Buffer.from('hello'), { keyring })
 * sealed[sealed.length - 1]! ^= 1
 * await open(sealed, { keyring }).catch((error) => console.log(error.code, error.details.chunk)) // CORE_CRYPTO_TAMPERED 0
 * ```
 */
export async function open(sealed: Uint8Array, options: OpenOptions): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of openStream([sealed], options)) pieces.push(piece)
  return concatBytes(pieces)
}
