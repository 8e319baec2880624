// Written by scripts/generate-network.ts.
import type { DataObject } from '../../../../../codec/index.ts'
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.embed.record`. */
export interface AppBskyEmbedRecordTypes {
  readonly 'app.bsky.embed.record': {
    readonly $type?: 'app.bsky.embed.record' | undefined
    readonly record: LexiconTypes['com.atproto.repo.strongRef']
  }
  readonly 'app.bsky.embed.record#view': {
    readonly $type?: 'app.bsky.embed.record#view' | undefined
    readonly record:
      | (LexiconTypes['app.bsky.embed.record#viewRecord'] & { readonly $type: 'app.bsky.embed.record#viewRecord' })
      | (LexiconTypes['app.bsky.embed.record#viewNotFound'] & { readonly $type: 'app.bsky.embed.record#viewNotFound' })
      | (LexiconTypes['app.bsky.embed.record#viewBlocked'] & { readonly $type: 'app.bsky.embed.record#viewBlocked' })
      | (LexiconTypes['app.bsky.embed.record#viewDetached'] & { readonly $type: 'app.bsky.embed.record#viewDetached' })
      | (LexiconTypes['app.bsky.feed.defs#generatorView'] & { readonly $type: 'app.bsky.feed.defs#generatorView' })
      | (LexiconTypes['app.bsky.graph.defs#listView'] & { readonly $type: 'app.bsky.graph.defs#listView' })
      | (LexiconTypes['app.bsky.labeler.defs#labelerView'] & { readonly $type: 'app.bsky.labeler.defs#labelerView' })
      | (LexiconTypes['app.bsky.graph.defs#starterPackViewBasic'] & {
          readonly $type: 'app.bsky.graph.defs#starterPackViewBasic'
        })
  }
  readonly 'app.bsky.embed.record#viewRecord': {
    readonly $type?: 'app.bsky.embed.record#viewRecord' | undefined
    readonly uri: string
    readonly cid: string
    readonly author: LexiconTypes['app.bsky.actor.defs#profileViewBasic']
    readonly value: DataObject
    readonly labels?: readonly LexiconTypes['com.atproto.label.defs#label'][] | undefined
    readonly replyCount?: number | undefined
    readonly repostCount?: number | undefined
    readonly likeCount?: number | undefined
    readonly quoteCount?: number | undefined
    readonly embeds?:
      | readonly (
          | (LexiconTypes['app.bsky.embed.images#view'] & { readonly $type: 'app.bsky.embed.images#view' })
          | (LexiconTypes['app.bsky.embed.video#view'] & { readonly $type: 'app.bsky.embed.video#view' })
          | (LexiconTypes['app.bsky.embed.gallery#view'] & { readonly $type: 'app.bsky.embed.gallery#view' })
          | (LexiconTypes['app.bsky.embed.external#view'] & { readonly $type: 'app.bsky.embed.external#view' })
          | (LexiconTypes['app.bsky.embed.record#view'] & { readonly $type: 'app.bsky.embed.record#view' })
          | (LexiconTypes['app.bsky.embed.recordWithMedia#view'] & {
              readonly $type: 'app.bsky.embed.recordWithMedia#view'
            })
        )[]
      | undefined
    readonly indexedAt: string
  }
  readonly 'app.bsky.embed.record#viewNotFound': {
    readonly $type?: 'app.bsky.embed.record#viewNotFound' | undefined
    readonly uri: string
    readonly notFound: true
  }
  readonly 'app.bsky.embed.record#viewBlocked': {
    readonly $type?: 'app.bsky.embed.record#viewBlocked' | undefined
    readonly uri: string
    readonly blocked: true
    readonly author: LexiconTypes['app.bsky.feed.defs#blockedAuthor']
  }
  readonly 'app.bsky.embed.record#viewDetached': {
    readonly $type?: 'app.bsky.embed.record#viewDetached' | undefined
    readonly uri: string
    readonly detached: true
  }
}
