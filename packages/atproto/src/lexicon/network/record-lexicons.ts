// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../lexicon-document.ts'
import { appBskyActorContentVisibilityDeclaration } from './records/app-bsky-actor-content-visibility-declaration.ts'
import { appBskyActorProfile } from './records/app-bsky-actor-profile.ts'
import { appBskyActorStatus } from './records/app-bsky-actor-status.ts'
import { appBskyEmbedDefs } from './records/app-bsky-embed-defs.ts'
import { appBskyEmbedExternal } from './records/app-bsky-embed-external.ts'
import { appBskyEmbedGallery } from './records/app-bsky-embed-gallery.ts'
import { appBskyEmbedImages } from './records/app-bsky-embed-images.ts'
import { appBskyEmbedRecord } from './records/app-bsky-embed-record.ts'
import { appBskyEmbedRecordWithMedia } from './records/app-bsky-embed-record-with-media.ts'
import { appBskyEmbedVideo } from './records/app-bsky-embed-video.ts'
import { appBskyFeedGenerator } from './records/app-bsky-feed-generator.ts'
import { appBskyFeedLike } from './records/app-bsky-feed-like.ts'
import { appBskyFeedPost } from './records/app-bsky-feed-post.ts'
import { appBskyFeedPostgate } from './records/app-bsky-feed-postgate.ts'
import { appBskyFeedRepost } from './records/app-bsky-feed-repost.ts'
import { appBskyFeedThreadgate } from './records/app-bsky-feed-threadgate.ts'
import { appBskyGraphBlock } from './records/app-bsky-graph-block.ts'
import { appBskyGraphDefs } from './records/app-bsky-graph-defs.ts'
import { appBskyGraphFollow } from './records/app-bsky-graph-follow.ts'
import { appBskyGraphList } from './records/app-bsky-graph-list.ts'
import { appBskyGraphListblock } from './records/app-bsky-graph-listblock.ts'
import { appBskyGraphListitem } from './records/app-bsky-graph-listitem.ts'
import { appBskyGraphReferencelistoptout } from './records/app-bsky-graph-referencelistoptout.ts'
import { appBskyGraphStarterpack } from './records/app-bsky-graph-starterpack.ts'
import { appBskyGraphVerification } from './records/app-bsky-graph-verification.ts'
import { appBskyLabelerDefs } from './records/app-bsky-labeler-defs.ts'
import { appBskyLabelerService } from './records/app-bsky-labeler-service.ts'
import { appBskyNotificationDeclaration } from './records/app-bsky-notification-declaration.ts'
import { appBskyRichtextFacet } from './records/app-bsky-richtext-facet.ts'
import { comAtprotoLabelDefs } from './records/com-atproto-label-defs.ts'
import { comAtprotoLexiconSchema } from './records/com-atproto-lexicon-schema.ts'
import { comAtprotoModerationDefs } from './records/com-atproto-moderation-defs.ts'
import { comAtprotoRepoStrongRef } from './records/com-atproto-repo-strong-ref.ts'

/** The lexicons of all records of `app.bsky` and `com.atproto`, with what they are made of, for `createLexicons`. */
export const recordLexicons: readonly LexiconDocument[] = [
  appBskyActorContentVisibilityDeclaration,
  appBskyActorProfile,
  appBskyActorStatus,
  appBskyEmbedDefs,
  appBskyEmbedExternal,
  appBskyEmbedGallery,
  appBskyEmbedImages,
  appBskyEmbedRecord,
  appBskyEmbedRecordWithMedia,
  appBskyEmbedVideo,
  appBskyFeedGenerator,
  appBskyFeedLike,
  appBskyFeedPost,
  appBskyFeedPostgate,
  appBskyFeedRepost,
  appBskyFeedThreadgate,
  appBskyGraphBlock,
  appBskyGraphDefs,
  appBskyGraphFollow,
  appBskyGraphList,
  appBskyGraphListblock,
  appBskyGraphListitem,
  appBskyGraphReferencelistoptout,
  appBskyGraphStarterpack,
  appBskyGraphVerification,
  appBskyLabelerDefs,
  appBskyLabelerService,
  appBskyNotificationDeclaration,
  appBskyRichtextFacet,
  comAtprotoLabelDefs,
  comAtprotoLexiconSchema,
  comAtprotoModerationDefs,
  comAtprotoRepoStrongRef,
]
