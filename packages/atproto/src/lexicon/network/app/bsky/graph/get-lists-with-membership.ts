// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.graph.getListsWithMembership`. */
export interface AppBskyGraphGetListsWithMembershipTypes {
  readonly 'app.bsky.graph.getListsWithMembership': {
    readonly parameters: {
      readonly actor: string
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
      readonly purposes?: readonly ('modlist' | 'curatelist' | (string & {}))[] | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly listsWithMembership: readonly LexiconTypes['app.bsky.graph.getListsWithMembership#listWithMembership'][]
    }
  }
  readonly 'app.bsky.graph.getListsWithMembership#listWithMembership': {
    readonly $type?: 'app.bsky.graph.getListsWithMembership#listWithMembership' | undefined
    readonly list: LexiconTypes['app.bsky.graph.defs#listView']
    readonly listItem?: LexiconTypes['app.bsky.graph.defs#listItemView'] | undefined
  }
}
