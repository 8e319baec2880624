import type { ContentId, PackedBlob } from '../blob.ts'
import { repositoryErrors } from '../errors.ts'
import type { MasterKey } from '../key/master-key.ts'
import { decompressExactly } from '../object/compression.ts'
import { openSealed } from '../../seal/index.ts'
import { sha256 } from '../object/sealed-objects.ts'

/**
 * Opens a sealed blob: authenticator, decompression, hash. What it returns is what was saved under this id.
 *
 * @throws `BACKUP_BLOB_CORRUPT`
 */
export function openBlob(key: MasterKey, blob: PackedBlob, sealed: Uint8Array, pack: ContentId = ''): Uint8Array {
  const corrupt = (reason: string) =>
    repositoryErrors.BACKUP_BLOB_CORRUPT({ type: blob.type, id: blob.id, pack, reason })
  const content = openSealed(key, sealed)
  if (content === undefined) throw corrupt('its authenticator does not match')
  const { uncompressedLength } = blob
  const plain = uncompressedLength === undefined ? content : decompressExactly(content, uncompressedLength)
  if (plain === undefined) throw corrupt(`it does not decompress to ${uncompressedLength} bytes`)
  if (sha256(plain) !== blob.id) throw corrupt('its content has another hash')
  return plain
}
