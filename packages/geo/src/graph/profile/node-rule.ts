import { accessOf, type Tags } from './access.ts'
import type { RoadProfile } from './road-profile.ts'

/** What a profile makes of a node: undefined for an ordinary one. */
export interface NodeRule {
  /** Nobody gets past it. */
  readonly isClosed: boolean
  /** Milliseconds to pass it. */
  readonly delay: number
}

/** Keys of the tags that nodes are looked at for. */
export const nodeKeys: ReadonlySet<string> = new Set(['barrier', 'highway', 'railway'])

/** Whether a node can be passed and how long it takes; undefined where it is as if it were not there. */
export function nodeRule({ access, barriers = [], turns }: RoadProfile, tags: Tags): NodeRule | undefined {
  const barrier = tags.get('barrier')
  if (barrier !== undefined) {
    const found = accessOf(tags, access)?.access
    const isClosed = found === undefined ? barriers.includes(barrier) : found === 'closed'
    if (isClosed) return { isClosed, delay: 0 }
  }
  let delay = 0
  for (const [tag, seconds] of Object.entries(turns?.delays ?? {})) {
    const split = tag.indexOf('=')
    if (tags.get(tag.slice(0, split)) === tag.slice(split + 1)) delay += Math.round(seconds * 1_000)
  }
  return delay > 0 ? { isClosed: false, delay } : undefined
}
