// Written by scripts/generate-network.ts.
import type { DataObject } from '../../../../../codec/index.ts'
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.graph.defs`. */
export interface AppBskyGraphDefsTypes {
  readonly 'app.bsky.graph.defs#listViewBasic': {
    readonly $type?: 'app.bsky.graph.defs#listViewBasic' | undefined
    readonly uri: string
    readonly cid: string
    readonly name: string
    readonly purpose: LexiconTypes['app.bsky.graph.defs#listPurpose']
    readonly avatar?: string | undefined
    readonly listItemCount?: number | undefined
    readonly labels?: readonly LexiconTypes['com.atproto.label.defs#label'][] | undefined
    readonly viewer?: LexiconTypes['app.bsky.graph.defs#listViewerState'] | undefined
    readonly indexedAt?: string | undefined
  }
  readonly 'app.bsky.graph.defs#listView': {
    readonly $type?: 'app.bsky.graph.defs#listView' | undefined
    readonly uri: string
    readonly cid: string
    readonly creator: LexiconTypes['app.bsky.actor.defs#profileView']
    readonly name: string
    readonly purpose: LexiconTypes['app.bsky.graph.defs#listPurpose']
    readonly description?: string | undefined
    readonly descriptionFacets?: readonly LexiconTypes['app.bsky.richtext.facet'][] | undefined
    readonly avatar?: string | undefined
    readonly listItemCount?: number | undefined
    readonly labels?: readonly LexiconTypes['com.atproto.label.defs#label'][] | undefined
    readonly viewer?: LexiconTypes['app.bsky.graph.defs#listViewerState'] | undefined
    readonly indexedAt: string
  }
  readonly 'app.bsky.graph.defs#listItemView': {
    readonly $type?: 'app.bsky.graph.defs#listItemView' | undefined
    readonly uri: string
    readonly subject: LexiconTypes['app.bsky.actor.defs#profileView']
    readonly subjectOptedOut?: true | undefined
  }
  readonly 'app.bsky.graph.defs#starterPackView': {
    readonly $type?: 'app.bsky.graph.defs#starterPackView' | undefined
    readonly uri: string
    readonly cid: string
    readonly record: DataObject
    readonly creator: LexiconTypes['app.bsky.actor.defs#profileViewBasic']
    readonly list?: LexiconTypes['app.bsky.graph.defs#listViewBasic'] | undefined
    readonly listItemsSample?: readonly LexiconTypes['app.bsky.graph.defs#listItemView'][] | undefined
    readonly feeds?: readonly LexiconTypes['app.bsky.feed.defs#generatorView'][] | undefined
    readonly joinedWeekCount?: number | undefined
    readonly joinedAllTimeCount?: number | undefined
    readonly labels?: readonly LexiconTypes['com.atproto.label.defs#label'][] | undefined
    readonly indexedAt: string
  }
  readonly 'app.bsky.graph.defs#starterPackViewBasic': {
    readonly $type?: 'app.bsky.graph.defs#starterPackViewBasic' | undefined
    readonly uri: string
    readonly cid: string
    readonly record: DataObject
    readonly creator: LexiconTypes['app.bsky.actor.defs#profileViewBasic']
    readonly listItemCount?: number | undefined
    readonly joinedWeekCount?: number | undefined
    readonly joinedAllTimeCount?: number | undefined
    readonly labels?: readonly LexiconTypes['com.atproto.label.defs#label'][] | undefined
    readonly indexedAt: string
  }
  readonly 'app.bsky.graph.defs#listPurpose':
    | 'app.bsky.graph.defs#modlist'
    | 'app.bsky.graph.defs#curatelist'
    | 'app.bsky.graph.defs#referencelist'
    | (string & {})
  readonly 'app.bsky.graph.defs#listViewerState': {
    readonly $type?: 'app.bsky.graph.defs#listViewerState' | undefined
    readonly muted?: boolean | undefined
    readonly blocked?: string | undefined
    readonly referenceListOptOut?: string | undefined
  }
  readonly 'app.bsky.graph.defs#notFoundActor': {
    readonly $type?: 'app.bsky.graph.defs#notFoundActor' | undefined
    readonly actor: string
    readonly notFound: true
  }
  readonly 'app.bsky.graph.defs#relationship': {
    readonly $type?: 'app.bsky.graph.defs#relationship' | undefined
    readonly did: string
    readonly following?: string | undefined
    readonly followedBy?: string | undefined
    readonly blocking?: string | undefined
    readonly blockedBy?: string | undefined
    readonly blockingByList?: string | undefined
    readonly blockedByList?: string | undefined
  }
}
