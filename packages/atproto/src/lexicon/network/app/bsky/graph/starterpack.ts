// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.graph.starterpack`. */
export interface AppBskyGraphStarterpackTypes {
  readonly 'app.bsky.graph.starterpack': {
    readonly $type: 'app.bsky.graph.starterpack'
    readonly name: string
    readonly description?: string | undefined
    readonly descriptionFacets?: readonly LexiconTypes['app.bsky.richtext.facet'][] | undefined
    readonly list: string
    readonly feeds?: readonly LexiconTypes['app.bsky.graph.starterpack#feedItem'][] | undefined
    readonly createdAt: string
  }
  readonly 'app.bsky.graph.starterpack#feedItem': {
    readonly $type?: 'app.bsky.graph.starterpack#feedItem' | undefined
    readonly uri: string
  }
}
