// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.draft.defs`. */
export interface AppBskyDraftDefsTypes {
  readonly 'app.bsky.draft.defs#draftWithId': {
    readonly $type?: 'app.bsky.draft.defs#draftWithId' | undefined
    readonly id: string
    readonly draft: LexiconTypes['app.bsky.draft.defs#draft']
  }
  readonly 'app.bsky.draft.defs#draft': {
    readonly $type?: 'app.bsky.draft.defs#draft' | undefined
    readonly deviceId?: string | undefined
    readonly deviceName?: string | undefined
    readonly posts: readonly LexiconTypes['app.bsky.draft.defs#draftPost'][]
    readonly langs?: readonly string[] | undefined
    readonly postgateEmbeddingRules?:
      | readonly (LexiconTypes['app.bsky.feed.postgate#disableRule'] & {
          readonly $type: 'app.bsky.feed.postgate#disableRule'
        })[]
      | undefined
    readonly threadgateAllow?:
      | readonly (
          | (LexiconTypes['app.bsky.feed.threadgate#mentionRule'] & {
              readonly $type: 'app.bsky.feed.threadgate#mentionRule'
            })
          | (LexiconTypes['app.bsky.feed.threadgate#followerRule'] & {
              readonly $type: 'app.bsky.feed.threadgate#followerRule'
            })
          | (LexiconTypes['app.bsky.feed.threadgate#followingRule'] & {
              readonly $type: 'app.bsky.feed.threadgate#followingRule'
            })
          | (LexiconTypes['app.bsky.feed.threadgate#listRule'] & {
              readonly $type: 'app.bsky.feed.threadgate#listRule'
            })
        )[]
      | undefined
  }
  readonly 'app.bsky.draft.defs#draftPost': {
    readonly $type?: 'app.bsky.draft.defs#draftPost' | undefined
    readonly text: string
    readonly labels?:
      | (LexiconTypes['com.atproto.label.defs#selfLabels'] & { readonly $type: 'com.atproto.label.defs#selfLabels' })
      | undefined
    readonly embedImages?: readonly LexiconTypes['app.bsky.draft.defs#draftEmbedImage'][] | undefined
    readonly embedGallery?: LexiconTypes['app.bsky.draft.defs#draftEmbedGallery'] | undefined
    readonly embedVideos?: readonly LexiconTypes['app.bsky.draft.defs#draftEmbedVideo'][] | undefined
    readonly embedExternals?: readonly LexiconTypes['app.bsky.draft.defs#draftEmbedExternal'][] | undefined
    readonly embedRecords?: readonly LexiconTypes['app.bsky.draft.defs#draftEmbedRecord'][] | undefined
  }
  readonly 'app.bsky.draft.defs#draftView': {
    readonly $type?: 'app.bsky.draft.defs#draftView' | undefined
    readonly id: string
    readonly draft: LexiconTypes['app.bsky.draft.defs#draft']
    readonly createdAt: string
    readonly updatedAt: string
  }
  readonly 'app.bsky.draft.defs#draftEmbedLocalRef': {
    readonly $type?: 'app.bsky.draft.defs#draftEmbedLocalRef' | undefined
    readonly path: string
  }
  readonly 'app.bsky.draft.defs#draftEmbedCaption': {
    readonly $type?: 'app.bsky.draft.defs#draftEmbedCaption' | undefined
    readonly lang: string
    readonly content: string
  }
  readonly 'app.bsky.draft.defs#draftEmbedGallery': {
    readonly $type?: 'app.bsky.draft.defs#draftEmbedGallery' | undefined
    readonly items: LexiconTypes['app.bsky.draft.defs#draftEmbedGalleryItems']
  }
  readonly 'app.bsky.draft.defs#draftEmbedGalleryItems': readonly (LexiconTypes['app.bsky.draft.defs#draftEmbedImage'] & {
    readonly $type: 'app.bsky.draft.defs#draftEmbedImage'
  })[]
  readonly 'app.bsky.draft.defs#draftEmbedImage': {
    readonly $type?: 'app.bsky.draft.defs#draftEmbedImage' | undefined
    readonly localRef: LexiconTypes['app.bsky.draft.defs#draftEmbedLocalRef']
    readonly alt?: string | undefined
  }
  readonly 'app.bsky.draft.defs#draftEmbedVideo': {
    readonly $type?: 'app.bsky.draft.defs#draftEmbedVideo' | undefined
    readonly localRef: LexiconTypes['app.bsky.draft.defs#draftEmbedLocalRef']
    readonly alt?: string | undefined
    readonly captions?: readonly LexiconTypes['app.bsky.draft.defs#draftEmbedCaption'][] | undefined
  }
  readonly 'app.bsky.draft.defs#draftEmbedExternal': {
    readonly $type?: 'app.bsky.draft.defs#draftEmbedExternal' | undefined
    readonly uri: string
  }
  readonly 'app.bsky.draft.defs#draftEmbedRecord': {
    readonly $type?: 'app.bsky.draft.defs#draftEmbedRecord' | undefined
    readonly record: LexiconTypes['com.atproto.repo.strongRef']
  }
}
