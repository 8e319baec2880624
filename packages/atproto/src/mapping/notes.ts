import { defineMapping, type Mapping } from '../publish/index.ts'
import { fieldSchema } from './field-schema.ts'

/** A short text. */
export interface Note {
  readonly id: string
  readonly text: string
  readonly createdAt: Date
  /** BCP 47, at most three. @default none */
  readonly langs?: readonly string[] | undefined
}

/**
 * Posts of the network as notes of the host, both ways: a note becomes a post, or a thread when it is long, and a post that
 * answers nobody becomes a note. A note that came from the network has its post's record key as its id.
 *
 * @example
 * ```ts
 * import { notes } from '@exprsn/atproto/mapping'
 *
 * const record = { $type: 'app.bsky.feed.post', text: 'hello', createdAt: '2026-01-01T00:00:00.000Z' }
 * const incoming = { uri: 'at://did:plc:example/app.bsky.feed.post/3k', rkey: '3k', current: undefined }
 * console.log(notes().fromRecord?.(record, incoming)?.text) // hello
 * ```
 */
export function notes(changes: Partial<Mapping<Note>> = {}): Mapping<Note> {
  return defineMapping<Note>({
    source: fieldSchema({ id: 'text', text: 'text', createdAt: 'date', langs: 'texts?' }),
    identity: ({ id }) => id,
    createdAt: ({ createdAt }) => createdAt,
    toRecord({ text: body, langs = [] }, { text }) {
      const draft = text.plain(body)
      return langs.length === 0 ? draft : draft.langs(...langs.slice(0, 3))
    },
    fromRecord({ text, createdAt, langs, reply }, { current, rkey }) {
      if (typeof text !== 'string' || text === '' || reply !== undefined) return undefined
      const at = new Date(typeof createdAt === 'string' ? createdAt : Number.NaN)
      if (!Number.isFinite(at.getTime())) return undefined
      const languages = Array.isArray(langs) ? langs.filter((lang) => typeof lang === 'string') : []
      return {
        id: current?.id ?? rkey,
        text,
        createdAt: current?.createdAt ?? at,
        ...(languages.length === 0 ? {} : { langs: languages }),
      }
    },
    ...changes,
  })
}
