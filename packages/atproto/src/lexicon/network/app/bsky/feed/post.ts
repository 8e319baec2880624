// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.post`. */
export interface AppBskyFeedPostTypes {
  readonly 'app.bsky.feed.post': {
    readonly $type: 'app.bsky.feed.post'
    readonly text: string
    readonly entities?: readonly LexiconTypes['app.bsky.feed.post#entity'][] | undefined
    readonly facets?: readonly LexiconTypes['app.bsky.richtext.facet'][] | undefined
    readonly reply?: LexiconTypes['app.bsky.feed.post#replyRef'] | undefined
    readonly embed?:
      | (LexiconTypes['app.bsky.embed.images'] & { readonly $type: 'app.bsky.embed.images' })
      | (LexiconTypes['app.bsky.embed.video'] & { readonly $type: 'app.bsky.embed.video' })
      | (LexiconTypes['app.bsky.embed.gallery'] & { readonly $type: 'app.bsky.embed.gallery' })
      | (LexiconTypes['app.bsky.embed.external'] & { readonly $type: 'app.bsky.embed.external' })
      | (LexiconTypes['app.bsky.embed.record'] & { readonly $type: 'app.bsky.embed.record' })
      | (LexiconTypes['app.bsky.embed.recordWithMedia'] & { readonly $type: 'app.bsky.embed.recordWithMedia' })
      | undefined
    readonly langs?: readonly string[] | undefined
    readonly labels?:
      | (LexiconTypes['com.atproto.label.defs#selfLabels'] & { readonly $type: 'com.atproto.label.defs#selfLabels' })
      | undefined
    readonly tags?: readonly string[] | undefined
    readonly createdAt: string
  }
  readonly 'app.bsky.feed.post#replyRef': {
    readonly $type?: 'app.bsky.feed.post#replyRef' | undefined
    readonly root: LexiconTypes['com.atproto.repo.strongRef']
    readonly parent: LexiconTypes['com.atproto.repo.strongRef']
  }
  readonly 'app.bsky.feed.post#entity': {
    readonly $type?: 'app.bsky.feed.post#entity' | undefined
    readonly index: LexiconTypes['app.bsky.feed.post#textSlice']
    readonly type: string
    readonly value: string
  }
  readonly 'app.bsky.feed.post#textSlice': {
    readonly $type?: 'app.bsky.feed.post#textSlice' | undefined
    readonly start: number
    readonly end: number
  }
}
