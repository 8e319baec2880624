// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.actor.status`. */
export interface AppBskyActorStatusTypes {
  readonly 'app.bsky.actor.status': {
    readonly $type: 'app.bsky.actor.status'
    readonly status: 'app.bsky.actor.status#live' | (string & {})
    readonly embed?:
      | (LexiconTypes['app.bsky.embed.external'] & { readonly $type: 'app.bsky.embed.external' })
      | undefined
    readonly durationMinutes?: number | undefined
    readonly createdAt: string
  }
}
