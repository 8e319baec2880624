// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.labeler.defs`. */
export interface AppBskyLabelerDefsTypes {
  readonly 'app.bsky.labeler.defs#labelerView': {
    readonly $type?: 'app.bsky.labeler.defs#labelerView' | undefined
    readonly uri: string
    readonly cid: string
    readonly creator: LexiconTypes['app.bsky.actor.defs#profileView']
    readonly likeCount?: number | undefined
    readonly viewer?: LexiconTypes['app.bsky.labeler.defs#labelerViewerState'] | undefined
    readonly indexedAt: string
    readonly labels?: readonly LexiconTypes['com.atproto.label.defs#label'][] | undefined
  }
  readonly 'app.bsky.labeler.defs#labelerViewDetailed': {
    readonly $type?: 'app.bsky.labeler.defs#labelerViewDetailed' | undefined
    readonly uri: string
    readonly cid: string
    readonly creator: LexiconTypes['app.bsky.actor.defs#profileView']
    readonly policies: LexiconTypes['app.bsky.labeler.defs#labelerPolicies']
    readonly likeCount?: number | undefined
    readonly viewer?: LexiconTypes['app.bsky.labeler.defs#labelerViewerState'] | undefined
    readonly indexedAt: string
    readonly labels?: readonly LexiconTypes['com.atproto.label.defs#label'][] | undefined
    readonly reasonTypes?: readonly LexiconTypes['com.atproto.moderation.defs#reasonType'][] | undefined
    readonly subjectTypes?: readonly LexiconTypes['com.atproto.moderation.defs#subjectType'][] | undefined
    readonly subjectCollections?: readonly string[] | undefined
  }
  readonly 'app.bsky.labeler.defs#labelerViewerState': {
    readonly $type?: 'app.bsky.labeler.defs#labelerViewerState' | undefined
    readonly like?: string | undefined
  }
  readonly 'app.bsky.labeler.defs#labelerPolicies': {
    readonly $type?: 'app.bsky.labeler.defs#labelerPolicies' | undefined
    readonly labelValues: readonly LexiconTypes['com.atproto.label.defs#labelValue'][]
    readonly labelValueDefinitions?: readonly LexiconTypes['com.atproto.label.defs#labelValueDefinition'][] | undefined
  }
}
