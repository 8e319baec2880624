import type { ContentId, PackedBlob } from '../blob.ts'
import { repositoryErrors } from '../errors.ts'
import type { MasterKey } from '../key/master-key.ts'
import { decompressExactly } from '../object/compression.ts'
import { Scratch } from '../object/scratch.ts'
import { openSealed } from '../../seal/index.ts'
import { sha256 } from '../object/load-verified.ts'

/** Compressed content, which is needed only until it is decompressed. */
const packed = new Scratch()

/**
 * Opens a sealed blob: authenticator, decompression, hash. What it returns is what was saved under this id.
 *
 * @param scratch where the result may lie, until whoever else uses it; without it, in memory of its own
 * @throws `BACKUP_BLOB_CORRUPT`
 */
export function openBlob(
  key: MasterKey,
  blob: PackedBlob,
  sealed: Uint8Array,
  { pack = '', scratch }: { readonly pack?: ContentId | undefined; readonly scratch?: Scratch | undefined } = {},
): Uint8Array {
  const corrupt = (reason: string) =>
    repositoryErrors.BACKUP_BLOB_CORRUPT({ type: blob.type, id: blob.id, pack, reason })
  const { uncompressedLength } = blob
  const isPacked = uncompressedLength !== undefined
  const content = openSealed(
    key,
    sealed,
    isPacked ? (size) => packed.take(size) : scratch && ((size) => scratch.take(size)),
  )
  if (content === undefined) throw corrupt('its authenticator does not match')
  const plain = !isPacked ? content : decompressExactly(content, uncompressedLength, scratch)
  if (plain === undefined) throw corrupt(`it does not decompress to ${uncompressedLength} bytes`)
  if (sha256(plain) !== blob.id) throw corrupt('its content has another hash')
  return plain
}
