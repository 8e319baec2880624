import type { Lexicons } from '../lexicon/index.ts'
import { publishErrors } from './errors.ts'
import type { Mapping } from './mapping.ts'
import { buildRecord } from './post-record.ts'
import { anyMedia } from './publish-media.ts'
import type { Wanted } from './wanted.ts'

const longestId = 200

/** @throws `ATPROTO_PUBLISH_ITEM_INVALID` for an item without a usable id, or that is not what its schema says */
export async function checkItem<Item>(
  mapping: string,
  id: string,
  { source }: Mapping<Item>,
  item: Item,
): Promise<void> {
  if (typeof id !== 'string' || id === '' || id.length > longestId || /[\0\p{Surrogate}]/u.test(id))
    throw invalid(mapping, id, `its id is not a text of 1 to ${longestId} characters`)
  const checked = await source?.['~standard'].validate(item)
  const [issue] = checked?.issues ?? []
  if (issue !== undefined)
    throw invalid(mapping, id, `${issue.path?.map(String).join('.') ?? ''} ${issue.message}`.trim())
}

/** @throws `ATPROTO_PUBLISH_ITEM_INVALID` for records that their lexicon does not allow */
export function checkRecords(
  lexicons: Lexicons,
  { mapping, id }: { readonly mapping: string; readonly id: string },
  { collection, parts }: Wanted,
  createdAt: number,
): void {
  if (!Number.isFinite(createdAt) || !lexicons.describes(collection)) return
  for (const part of parts) {
    const record = buildRecord(part, { createdAt, dids: new Map(), reply: undefined, media: anyMedia })
    const [issue] = lexicons.checkRecord({ collection }, record)
    if (issue !== undefined)
      throw invalid(mapping, id, `${issue.path === '' ? 'the record' : issue.path}: ${issue.reason}`)
  }
}

function invalid(mapping: string, id: string, reason: string): Error {
  return publishErrors.ATPROTO_PUBLISH_ITEM_INVALID({ mapping, id: String(id), reason })
}
