import { logHttpErrors } from './errors.ts'
import { isObject, parseJson, splitLines } from './read-lines.ts'

/** What a `_bulk` body asks for: one action and one document each. */
export interface BulkItem {
  readonly action: 'index' | 'create'
  readonly index: string
  readonly id: string | undefined
  /** Byte for byte as it came. */
  readonly document: Uint8Array
}

/**
 * Reads the body of Elasticsearch's `_bulk`: `index` and `create`, whatever else stands in their metadata, `_type` of old
 * clients included. Others change documents that are there, which a store of lines does not do.
 */
export function decodeBulk(bytes: Uint8Array, index: string): BulkItem[] {
  const lines = splitLines(bytes)
  const items: BulkItem[] = []
  for (let at = 0; at < lines.length; at += 2) {
    const action = parseJson(lines[at]!, at + 1)
    const [name, target] = isObject(action) ? (Object.entries(action)[0] ?? []) : []
    if (name === 'update' || name === 'delete')
      throw logHttpErrors.LOGS_HTTP_UNSUPPORTED({ part: `the action ${name} of _bulk` })
    if ((name !== 'index' && name !== 'create') || !isObject(target))
      throw logHttpErrors.LOGS_HTTP_BODY_INVALID({ line: at + 1, reason: 'an action should stand here' })
    const document = lines[at + 1]
    if (document === undefined || !isObject(parseJson(document, at + 2)))
      throw logHttpErrors.LOGS_HTTP_BODY_INVALID({ line: at + 2, reason: 'a document should stand here' })
    const { _index: ownIndex, _id: id } = target
    items.push({
      action: name,
      index: typeof ownIndex === 'string' ? ownIndex : index,
      id: typeof id === 'string' ? id : undefined,
      document,
    })
  }
  return items
}
