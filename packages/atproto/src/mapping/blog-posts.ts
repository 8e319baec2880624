import { defineMapping, type Mapping } from '../publish/index.ts'
import { fieldSchema } from './field-schema.ts'

/** An article of the host's that lives at an address of its own. */
export interface BlogPost {
  readonly id: string
  readonly title: string
  /** Shown between title and card. @default none */
  readonly summary?: string | undefined
  /** Where it can be read. */
  readonly url: string
  readonly publishedAt: Date
  /** BCP 47. @default none */
  readonly lang?: string | undefined
  /** Without `#`; at most eight are taken. @default none */
  readonly tags?: readonly string[] | undefined
  /** @default false */
  readonly draft?: boolean | undefined
}

/**
 * Announces articles: title and summary as the text, the article as a card below it. Drafts are not published, and what
 * becomes a draft again is taken back.
 *
 * @example
 * ```ts
 * import { blogPosts } from '@exprsn/atproto/mapping'
 *
 * const mapping = blogPosts({ policies: { edit: 'ignore' } })
 * const post = { id: 'p1', title: 'News', url: 'https://example.com/news', publishedAt: new Date() }
 * console.log(mapping.identity(post), mapping.visibility?.({ ...post, draft: true })) // p1 false
 * ```
 */
export function blogPosts(changes: Partial<Mapping<BlogPost>> = {}): Mapping<BlogPost> {
  return defineMapping<BlogPost>({
    source: fieldSchema({
      id: 'text',
      title: 'text',
      summary: 'text?',
      url: 'url',
      publishedAt: 'date',
      lang: 'text?',
      tags: 'texts?',
      draft: 'flag?',
    }),
    identity: ({ id }) => id,
    createdAt: ({ publishedAt }) => publishedAt,
    visibility: ({ draft }) => draft !== true,
    toRecord({ title, summary, url, lang, tags = [] }, { text }) {
      const draft = text.plain(summary === undefined ? title : `${title}\n\n${summary}`)
      const card = draft.card(url, { title, description: summary ?? '' })
      const labelled = tags.length === 0 ? card : card.tags(...tags.slice(0, 8))
      return lang === undefined ? labelled : labelled.langs(lang)
    },
    ...changes,
  })
}
