// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.actor.getProfile`. */
export interface AppBskyActorGetProfileTypes {
  readonly 'app.bsky.actor.getProfile': {
    readonly parameters: {
      readonly actor: string
    }
    readonly output: LexiconTypes['app.bsky.actor.defs#profileViewDetailed']
  }
}
