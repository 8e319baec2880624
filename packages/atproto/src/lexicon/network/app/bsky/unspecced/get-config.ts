// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.unspecced.getConfig`. */
export interface AppBskyUnspeccedGetConfigTypes {
  readonly 'app.bsky.unspecced.getConfig': {
    readonly output: {
      readonly checkEmailConfirmed?: boolean | undefined
      readonly liveNow?: readonly LexiconTypes['app.bsky.unspecced.getConfig#liveNowConfig'][] | undefined
    }
  }
  readonly 'app.bsky.unspecced.getConfig#liveNowConfig': {
    readonly $type?: 'app.bsky.unspecced.getConfig#liveNowConfig' | undefined
    readonly did: string
    readonly domains: readonly string[]
  }
}
