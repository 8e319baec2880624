import { concatBytes } from '../bytes/concat-bytes.ts'
import { sealStream, type SealOptions } from './seal-stream.ts'

/**
 * Encrypts and authenticates bytes; the format is that of {@link sealStream}.
 *
 * @throws the errors of {@link sealStream}.
 * @example
 * ```ts
 * import { createKeyring, generateSecret, open, seal } from '@exprsn/core/crypto'
 *
 * const keyring = createKeyring({ keys: [{ id: 'main', secret: generateSecret() }] })
 * const sealed = await seal(Buffer.from('attack at dawn'), { keyring, context: 'order 7' })
 * console.log(Buffer.from(await open(sealed, { keyring, context: 'order 7' })).toString()) // attack at dawn
 * ```
 */
export async function seal(plain: Uint8Array, options: SealOptions): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of sealStream([plain], options)) pieces.push(piece)
  return concatBytes(pieces)
}
