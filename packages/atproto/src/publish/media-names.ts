import type { PostSettings } from './post-draft.ts'
import type { Wanted } from './wanted.ts'

/** A file, or a card, that the records of an item need. */
export interface MediaNeed {
  readonly kind: 'image' | 'video' | 'card'
  /** What the mapping calls the file; the address of a card. */
  readonly ref: string
}

/** By what it is found again. */
export function mediaName({ kind, ref }: MediaNeed): string {
  return `${kind} ${ref}`
}

/** What the records of an item need before they can be written. */
export function mediaNeeds({ parts }: Wanted, readsCards: boolean): MediaNeed[] {
  const needs = parts.flatMap((part) => (part.kind === 'post' ? needsOf(part.settings, readsCards) : []))
  return [...new Map(needs.map((need) => [mediaName(need), need])).values()]
}

function needsOf(settings: PostSettings, readsCards: boolean): MediaNeed[] {
  const { images = [], video, card } = settings
  const needs: MediaNeed[] = images.map(({ ref }) => ({ kind: 'image', ref }))
  if (video !== undefined) needs.push({ kind: 'video', ref: video.ref })
  // A card with a title of its own says everything, and one below media is not shown.
  if (needs.length === 0 && card !== undefined && readsCards && card.title === '')
    needs.push({ kind: 'card', ref: card.uri })
  return needs
}

/** Why media cannot be published: texts for those who do not see them are missing. */
export function altProblem({ parts }: Wanted): string | undefined {
  for (const part of parts) {
    if (part.kind !== 'post') continue
    const { images = [], video } = part.settings
    const silent = [...images, ...(video === undefined ? [] : [video])].find(({ alt }) => alt.trim() === '')
    if (silent !== undefined) return `the file ${silent.ref} has no text for those who do not see it (alt)`
  }
  return undefined
}
