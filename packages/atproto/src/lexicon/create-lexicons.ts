import { isTid, type DataObject } from '../codec/index.ts'
import { isNsid, isRecordKey } from '../syntax/index.ts'
import { fullName, ValueCheck, type FoundDefinition, type LexiconIssue } from './check-value.ts'
import { lexiconErrors } from './errors.ts'
import type { LexiconDocument } from './lexicon-document.ts'
import { readLexicon } from './read-lexicon.ts'

/** Where a record stands. */
export interface RecordPlace {
  readonly collection: string
  /** Checked against the kind of key that the lexicon wants. @default not checked */
  readonly rkey?: string | undefined
}

/** A set of lexicons, ready to check values. */
export interface Lexicons {
  /** The NSIDs of all of them. */
  readonly ids: readonly string[]
  /**
   * What is wrong with a record: at most 20 issues, none when it follows its lexicon. Fields that the lexicon does not name
   * are allowed.
   *
   * @throws `ATPROTO_LEXICON_UNKNOWN` when no lexicon describes records of this collection
   */
  checkRecord(place: RecordPlace, value: unknown): readonly LexiconIssue[]
  /** @throws `ATPROTO_RECORD_INVALID` with the first issue, `ATPROTO_LEXICON_UNKNOWN` */
  assertRecord(place: RecordPlace, value: unknown): asserts value is DataObject
  /**
   * What is wrong with a value of any definition, such as `app.bsky.richtext.facet#link`.
   *
   * @throws `ATPROTO_LEXICON_UNKNOWN`
   */
  checkValue(name: string, value: unknown): readonly LexiconIssue[]
  /** Whether records of this collection can be checked. */
  describes(collection: string): boolean
}

/**
 * Makes a checker of lexicons.
 *
 * @throws `ATPROTO_LEXICON_INVALID`
 * @example
 * ```ts
 * import { createLexicons, recordLexicons } from '@exprsn/atproto/lexicon'
 *
 * const lexicons = createLexicons(recordLexicons)
 * const record = { $type: 'app.bsky.feed.post', text: 'hello', createdAt: 'yesterday' }
 * console.log(lexicons.checkRecord({ collection: 'app.bsky.feed.post' }, record))
 * // [ { path: '/createdAt', reason: 'it is not of the format datetime' } ]
 * ```
 */
export function createLexicons(documents: Iterable<LexiconDocument>): Lexicons {
  const definitions = new Map<string, FoundDefinition>()
  const ids = new Set<string>()
  for (const document of documents) {
    const { id, defs } = readLexicon(document)
    ids.add(id)
    for (const [name, definition] of Object.entries(defs)) definitions.set(`${id}#${name}`, { id, definition })
  }
  const find = (name: string): FoundDefinition | undefined => definitions.get(name)

  const lexicons: Lexicons = {
    ids: [...ids],
    describes: (collection) => find(`${collection}#main`)?.definition.type === 'record',
    checkRecord({ collection, rkey }, value) {
      const definition = find(`${collection}#main`)?.definition
      if (definition?.type !== 'record') throw lexiconErrors.ATPROTO_LEXICON_UNKNOWN({ name: collection })
      const check = new ValueCheck(find)
      const { $type } = (typeof value === 'object' && value !== null ? value : {}) as DataObject
      if ($type !== collection) check.fail('/$type', `it is not ${collection}`)
      if (rkey !== undefined && !isKey(rkey, definition.key))
        check.fail('', `its key is not of the kind ${definition.key}`)
      check.object(definition.record, value, collection, '', 0)
      return check.issues
    },
    assertRecord(place, value): asserts value is DataObject {
      const issues = lexicons.checkRecord(place, value)
      const [first] = issues
      if (first === undefined) return
      const { collection } = place
      throw lexiconErrors.ATPROTO_RECORD_INVALID({ collection, path: first.path || '/', reason: first.reason, issues })
    },
    checkValue(name, value) {
      const check = new ValueCheck(find)
      const full = fullName(name, '')
      if (find(full) === undefined) throw lexiconErrors.ATPROTO_LEXICON_UNKNOWN({ name })
      check.value({ type: 'ref', ref: full }, value, '', '', 0)
      return check.issues
    },
  }
  return lexicons
}

function isKey(rkey: string, kind = 'any'): boolean {
  if (!isRecordKey(rkey)) return false
  if (kind === 'tid') return isTid(rkey)
  if (kind === 'nsid') return isNsid(rkey)
  return kind === 'any' || kind === `literal:${rkey}`
}
