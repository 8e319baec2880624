// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.actor.getProfiles`. */
export interface AppBskyActorGetProfilesTypes {
  readonly 'app.bsky.actor.getProfiles': {
    readonly parameters: {
      readonly actors: readonly string[]
    }
    readonly output: {
      readonly profiles: readonly LexiconTypes['app.bsky.actor.defs#profileViewDetailed'][]
    }
  }
}
