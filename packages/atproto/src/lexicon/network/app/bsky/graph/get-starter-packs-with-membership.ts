// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.graph.getStarterPacksWithMembership`. */
export interface AppBskyGraphGetStarterPacksWithMembershipTypes {
  readonly 'app.bsky.graph.getStarterPacksWithMembership': {
    readonly parameters: {
      readonly actor: string
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly starterPacksWithMembership: readonly LexiconTypes['app.bsky.graph.getStarterPacksWithMembership#starterPackWithMembership'][]
    }
  }
  readonly 'app.bsky.graph.getStarterPacksWithMembership#starterPackWithMembership': {
    readonly $type?: 'app.bsky.graph.getStarterPacksWithMembership#starterPackWithMembership' | undefined
    readonly starterPack: LexiconTypes['app.bsky.graph.defs#starterPackView']
    readonly listItem?: LexiconTypes['app.bsky.graph.defs#listItemView'] | undefined
  }
}
