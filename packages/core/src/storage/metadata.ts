import { storageErrors } from './errors.ts'

const name = /^[a-z0-9][a-z0-9._-]*$/
const reservedPrefix = 'exprsn-'
const largestMetadata = 2_048

/**
 * Checks user metadata by the rules that every store can keep: lower-case names (they travel as HTTP header names),
 * values of any well-formed text, 2,048 bytes in all once encoded (Amazon S3 User Guide, "Working with object
 * metadata"). Names that begin with `exprsn-` are the stores' own.
 *
 * @throws `CORE_STORAGE_METADATA_INVALID` naming the field.
 */
export function checkMetadata(metadata: Readonly<Record<string, string>> | undefined): void {
  let size = 0
  for (const [field, value] of Object.entries(metadata ?? {})) {
    const reason = fieldProblem(field, value)
    if (reason !== undefined) throw storageErrors.CORE_STORAGE_METADATA_INVALID({ field, reason })
    size += field.length + encodeMetadataValue(value).length
    if (size > largestMetadata)
      throw storageErrors.CORE_STORAGE_METADATA_INVALID({ field, reason: 'the metadata is longer than 2,048 bytes' })
  }
}

function fieldProblem(field: string, value: unknown): string | undefined {
  if (!name.test(field)) return 'its name has a character that is not allowed'
  if (field.startsWith(reservedPrefix)) return `names that begin with "${reservedPrefix}" are reserved`
  if (typeof value !== 'string') return 'its value is not text'
  return /\p{Surrogate}/u.test(value) ? 'its value is not well-formed Unicode' : undefined
}

/** A value as printable ASCII without spaces: everything else becomes `%XX` of its UTF-8 bytes. */
export function encodeMetadataValue(value: string): string {
  return /^[!-$&-~]*$/.test(value) ? value : encodeURIComponent(value)
}

/** The inverse of {@link encodeMetadataValue}; text that it cannot have written is returned as it is. */
export function decodeMetadataValue(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}
