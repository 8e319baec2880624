// Written by scripts/generate-network.ts.
import type { DataObject } from '../../../../../codec/index.ts'
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.actor.defs`. */
export interface AppBskyActorDefsTypes {
  readonly 'app.bsky.actor.defs#profileViewBasic': {
    readonly $type?: 'app.bsky.actor.defs#profileViewBasic' | undefined
    readonly did: string
    readonly handle: string
    readonly displayName?: string | undefined
    readonly pronouns?: string | undefined
    readonly avatar?: string | undefined
    readonly associated?: LexiconTypes['app.bsky.actor.defs#profileAssociated'] | undefined
    readonly viewer?: LexiconTypes['app.bsky.actor.defs#viewerState'] | undefined
    readonly labels?: readonly LexiconTypes['com.atproto.label.defs#label'][] | undefined
    readonly createdAt?: string | undefined
    readonly verification?: LexiconTypes['app.bsky.actor.defs#verificationState'] | undefined
    readonly status?: LexiconTypes['app.bsky.actor.defs#statusView'] | undefined
    readonly debug?: DataObject | undefined
  }
  readonly 'app.bsky.actor.defs#profileView': {
    readonly $type?: 'app.bsky.actor.defs#profileView' | undefined
    readonly did: string
    readonly handle: string
    readonly displayName?: string | undefined
    readonly pronouns?: string | undefined
    readonly description?: string | undefined
    readonly avatar?: string | undefined
    readonly associated?: LexiconTypes['app.bsky.actor.defs#profileAssociated'] | undefined
    readonly indexedAt?: string | undefined
    readonly createdAt?: string | undefined
    readonly viewer?: LexiconTypes['app.bsky.actor.defs#viewerState'] | undefined
    readonly labels?: readonly LexiconTypes['com.atproto.label.defs#label'][] | undefined
    readonly verification?: LexiconTypes['app.bsky.actor.defs#verificationState'] | undefined
    readonly status?: LexiconTypes['app.bsky.actor.defs#statusView'] | undefined
    readonly debug?: DataObject | undefined
  }
  readonly 'app.bsky.actor.defs#profileViewDetailed': {
    readonly $type?: 'app.bsky.actor.defs#profileViewDetailed' | undefined
    readonly did: string
    readonly handle: string
    readonly displayName?: string | undefined
    readonly description?: string | undefined
    readonly pronouns?: string | undefined
    readonly website?: string | undefined
    readonly avatar?: string | undefined
    readonly banner?: string | undefined
    readonly followersCount?: number | undefined
    readonly followsCount?: number | undefined
    readonly postsCount?: number | undefined
    readonly associated?: LexiconTypes['app.bsky.actor.defs#profileAssociated'] | undefined
    readonly joinedViaStarterPack?: LexiconTypes['app.bsky.graph.defs#starterPackViewBasic'] | undefined
    readonly indexedAt?: string | undefined
    readonly createdAt?: string | undefined
    readonly viewer?: LexiconTypes['app.bsky.actor.defs#viewerState'] | undefined
    readonly labels?: readonly LexiconTypes['com.atproto.label.defs#label'][] | undefined
    readonly pinnedPost?: LexiconTypes['com.atproto.repo.strongRef'] | undefined
    readonly verification?: LexiconTypes['app.bsky.actor.defs#verificationState'] | undefined
    readonly status?: LexiconTypes['app.bsky.actor.defs#statusView'] | undefined
    readonly debug?: DataObject | undefined
  }
  readonly 'app.bsky.actor.defs#profileAssociated': {
    readonly $type?: 'app.bsky.actor.defs#profileAssociated' | undefined
    readonly lists?: number | undefined
    readonly feedgens?: number | undefined
    readonly starterPacks?: number | undefined
    readonly labeler?: boolean | undefined
    readonly chat?: LexiconTypes['app.bsky.actor.defs#profileAssociatedChat'] | undefined
    readonly activitySubscription?:
      | LexiconTypes['app.bsky.actor.defs#profileAssociatedActivitySubscription']
      | undefined
    readonly germ?: LexiconTypes['app.bsky.actor.defs#profileAssociatedGerm'] | undefined
  }
  readonly 'app.bsky.actor.defs#profileAssociatedChat': {
    readonly $type?: 'app.bsky.actor.defs#profileAssociatedChat' | undefined
    readonly allowIncoming: 'all' | 'none' | 'following' | (string & {})
    readonly allowGroupInvites?: 'all' | 'none' | 'following' | (string & {}) | undefined
  }
  readonly 'app.bsky.actor.defs#profileAssociatedGerm': {
    readonly $type?: 'app.bsky.actor.defs#profileAssociatedGerm' | undefined
    readonly messageMeUrl: string
    readonly showButtonTo: 'usersIFollow' | 'everyone' | (string & {})
  }
  readonly 'app.bsky.actor.defs#profileAssociatedActivitySubscription': {
    readonly $type?: 'app.bsky.actor.defs#profileAssociatedActivitySubscription' | undefined
    readonly allowSubscriptions: 'followers' | 'mutuals' | 'none' | (string & {})
  }
  readonly 'app.bsky.actor.defs#viewerState': {
    readonly $type?: 'app.bsky.actor.defs#viewerState' | undefined
    readonly muted?: boolean | undefined
    readonly mutedOnlyReposts?: boolean | undefined
    readonly mutedOnlyQuoteposts?: boolean | undefined
    readonly mutedByList?: LexiconTypes['app.bsky.graph.defs#listViewBasic'] | undefined
    readonly blockedBy?: boolean | undefined
    readonly blocking?: string | undefined
    readonly blockingByList?: LexiconTypes['app.bsky.graph.defs#listViewBasic'] | undefined
    readonly following?: string | undefined
    readonly followedBy?: string | undefined
    readonly knownFollowers?: LexiconTypes['app.bsky.actor.defs#knownFollowers'] | undefined
    readonly activitySubscription?: LexiconTypes['app.bsky.notification.defs#activitySubscription'] | undefined
  }
  readonly 'app.bsky.actor.defs#knownFollowers': {
    readonly $type?: 'app.bsky.actor.defs#knownFollowers' | undefined
    readonly count: number
    readonly followers: readonly LexiconTypes['app.bsky.actor.defs#profileViewBasic'][]
  }
  readonly 'app.bsky.actor.defs#verificationState': {
    readonly $type?: 'app.bsky.actor.defs#verificationState' | undefined
    readonly verifications: readonly LexiconTypes['app.bsky.actor.defs#verificationView'][]
    readonly verifiedStatus: 'valid' | 'invalid' | 'none' | (string & {})
    readonly trustedVerifierStatus: 'valid' | 'invalid' | 'none' | (string & {})
  }
  readonly 'app.bsky.actor.defs#verificationView': {
    readonly $type?: 'app.bsky.actor.defs#verificationView' | undefined
    readonly issuer: string
    readonly issuerDisplayName?: string | undefined
    readonly issuerHandle?: string | undefined
    readonly uri: string
    readonly isValid: boolean
    readonly createdAt: string
  }
  readonly 'app.bsky.actor.defs#preferences': readonly (
    | (LexiconTypes['app.bsky.actor.defs#adultContentPref'] & {
        readonly $type: 'app.bsky.actor.defs#adultContentPref'
      })
    | (LexiconTypes['app.bsky.actor.defs#contentLabelPref'] & {
        readonly $type: 'app.bsky.actor.defs#contentLabelPref'
      })
    | (LexiconTypes['app.bsky.actor.defs#savedFeedsPref'] & { readonly $type: 'app.bsky.actor.defs#savedFeedsPref' })
    | (LexiconTypes['app.bsky.actor.defs#savedFeedsPrefV2'] & {
        readonly $type: 'app.bsky.actor.defs#savedFeedsPrefV2'
      })
    | (LexiconTypes['app.bsky.actor.defs#personalDetailsPref'] & {
        readonly $type: 'app.bsky.actor.defs#personalDetailsPref'
      })
    | (LexiconTypes['app.bsky.actor.defs#declaredAgePref'] & { readonly $type: 'app.bsky.actor.defs#declaredAgePref' })
    | (LexiconTypes['app.bsky.actor.defs#feedViewPref'] & { readonly $type: 'app.bsky.actor.defs#feedViewPref' })
    | (LexiconTypes['app.bsky.actor.defs#threadViewPref'] & { readonly $type: 'app.bsky.actor.defs#threadViewPref' })
    | (LexiconTypes['app.bsky.actor.defs#interestsPref'] & { readonly $type: 'app.bsky.actor.defs#interestsPref' })
    | (LexiconTypes['app.bsky.actor.defs#mutedWordsPref'] & { readonly $type: 'app.bsky.actor.defs#mutedWordsPref' })
    | (LexiconTypes['app.bsky.actor.defs#hiddenPostsPref'] & { readonly $type: 'app.bsky.actor.defs#hiddenPostsPref' })
    | (LexiconTypes['app.bsky.actor.defs#bskyAppStatePref'] & {
        readonly $type: 'app.bsky.actor.defs#bskyAppStatePref'
      })
    | (LexiconTypes['app.bsky.actor.defs#labelersPref'] & { readonly $type: 'app.bsky.actor.defs#labelersPref' })
    | (LexiconTypes['app.bsky.actor.defs#postInteractionSettingsPref'] & {
        readonly $type: 'app.bsky.actor.defs#postInteractionSettingsPref'
      })
    | (LexiconTypes['app.bsky.actor.defs#verificationPrefs'] & {
        readonly $type: 'app.bsky.actor.defs#verificationPrefs'
      })
    | (LexiconTypes['app.bsky.actor.defs#liveEventPreferences'] & {
        readonly $type: 'app.bsky.actor.defs#liveEventPreferences'
      })
  )[]
  readonly 'app.bsky.actor.defs#adultContentPref': {
    readonly $type?: 'app.bsky.actor.defs#adultContentPref' | undefined
    readonly enabled: boolean
  }
  readonly 'app.bsky.actor.defs#contentLabelPref': {
    readonly $type?: 'app.bsky.actor.defs#contentLabelPref' | undefined
    readonly labelerDid?: string | undefined
    readonly label: string
    readonly visibility: 'ignore' | 'show' | 'warn' | 'hide' | (string & {})
  }
  readonly 'app.bsky.actor.defs#savedFeed': {
    readonly $type?: 'app.bsky.actor.defs#savedFeed' | undefined
    readonly id: string
    readonly type: 'feed' | 'list' | 'timeline' | (string & {})
    readonly value: string
    readonly pinned: boolean
  }
  readonly 'app.bsky.actor.defs#savedFeedsPrefV2': {
    readonly $type?: 'app.bsky.actor.defs#savedFeedsPrefV2' | undefined
    readonly items: readonly LexiconTypes['app.bsky.actor.defs#savedFeed'][]
  }
  readonly 'app.bsky.actor.defs#savedFeedsPref': {
    readonly $type?: 'app.bsky.actor.defs#savedFeedsPref' | undefined
    readonly pinned: readonly string[]
    readonly saved: readonly string[]
    readonly timelineIndex?: number | undefined
  }
  readonly 'app.bsky.actor.defs#personalDetailsPref': {
    readonly $type?: 'app.bsky.actor.defs#personalDetailsPref' | undefined
    readonly birthDate?: string | undefined
  }
  readonly 'app.bsky.actor.defs#declaredAgePref': {
    readonly $type?: 'app.bsky.actor.defs#declaredAgePref' | undefined
    readonly isOverAge13?: boolean | undefined
    readonly isOverAge16?: boolean | undefined
    readonly isOverAge18?: boolean | undefined
  }
  readonly 'app.bsky.actor.defs#feedViewPref': {
    readonly $type?: 'app.bsky.actor.defs#feedViewPref' | undefined
    readonly feed: string
    readonly hideReplies?: boolean | undefined
    readonly hideRepliesByUnfollowed?: boolean | undefined
    readonly hideRepliesByLikeCount?: number | undefined
    readonly hideReposts?: boolean | undefined
    readonly hideQuotePosts?: boolean | undefined
  }
  readonly 'app.bsky.actor.defs#threadViewPref': {
    readonly $type?: 'app.bsky.actor.defs#threadViewPref' | undefined
    readonly sort?: 'oldest' | 'newest' | 'most-likes' | 'random' | 'hotness' | (string & {}) | undefined
  }
  readonly 'app.bsky.actor.defs#interestsPref': {
    readonly $type?: 'app.bsky.actor.defs#interestsPref' | undefined
    readonly updatedAt?: string | undefined
    readonly tags: readonly string[]
  }
  readonly 'app.bsky.actor.defs#mutedWordTarget': 'content' | 'tag' | (string & {})
  readonly 'app.bsky.actor.defs#mutedWord': {
    readonly $type?: 'app.bsky.actor.defs#mutedWord' | undefined
    readonly id?: string | undefined
    readonly value: string
    readonly targets: readonly LexiconTypes['app.bsky.actor.defs#mutedWordTarget'][]
    readonly actorTarget?: 'all' | 'exclude-following' | (string & {}) | undefined
    readonly expiresAt?: string | undefined
  }
  readonly 'app.bsky.actor.defs#mutedWordsPref': {
    readonly $type?: 'app.bsky.actor.defs#mutedWordsPref' | undefined
    readonly items: readonly LexiconTypes['app.bsky.actor.defs#mutedWord'][]
  }
  readonly 'app.bsky.actor.defs#hiddenPostsPref': {
    readonly $type?: 'app.bsky.actor.defs#hiddenPostsPref' | undefined
    readonly items: readonly string[]
  }
  readonly 'app.bsky.actor.defs#labelersPref': {
    readonly $type?: 'app.bsky.actor.defs#labelersPref' | undefined
    readonly labelers: readonly LexiconTypes['app.bsky.actor.defs#labelerPrefItem'][]
  }
  readonly 'app.bsky.actor.defs#labelerPrefItem': {
    readonly $type?: 'app.bsky.actor.defs#labelerPrefItem' | undefined
    readonly did: string
  }
  readonly 'app.bsky.actor.defs#bskyAppStatePref': {
    readonly $type?: 'app.bsky.actor.defs#bskyAppStatePref' | undefined
    readonly activeProgressGuide?: LexiconTypes['app.bsky.actor.defs#bskyAppProgressGuide'] | undefined
    readonly isBetaUser?: boolean | undefined
    readonly queuedNudges?: readonly string[] | undefined
    readonly nuxs?: readonly LexiconTypes['app.bsky.actor.defs#nux'][] | undefined
  }
  readonly 'app.bsky.actor.defs#bskyAppProgressGuide': {
    readonly $type?: 'app.bsky.actor.defs#bskyAppProgressGuide' | undefined
    readonly guide: string
  }
  readonly 'app.bsky.actor.defs#nux': {
    readonly $type?: 'app.bsky.actor.defs#nux' | undefined
    readonly id: string
    readonly completed: boolean
    readonly data?: string | undefined
    readonly expiresAt?: string | undefined
  }
  readonly 'app.bsky.actor.defs#verificationPrefs': {
    readonly $type?: 'app.bsky.actor.defs#verificationPrefs' | undefined
    readonly hideBadges?: boolean | undefined
  }
  readonly 'app.bsky.actor.defs#liveEventPreferences': {
    readonly $type?: 'app.bsky.actor.defs#liveEventPreferences' | undefined
    readonly hiddenFeedIds?: readonly string[] | undefined
    readonly hideAllFeeds?: boolean | undefined
  }
  readonly 'app.bsky.actor.defs#postInteractionSettingsPref': {
    readonly $type?: 'app.bsky.actor.defs#postInteractionSettingsPref' | undefined
    readonly threadgateAllowRules?:
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
    readonly postgateEmbeddingRules?:
      | readonly (LexiconTypes['app.bsky.feed.postgate#disableRule'] & {
          readonly $type: 'app.bsky.feed.postgate#disableRule'
        })[]
      | undefined
  }
  readonly 'app.bsky.actor.defs#statusView': {
    readonly $type?: 'app.bsky.actor.defs#statusView' | undefined
    readonly uri?: string | undefined
    readonly cid?: string | undefined
    readonly status: 'app.bsky.actor.status#live' | (string & {})
    readonly record: DataObject
    readonly embed?:
      | (LexiconTypes['app.bsky.embed.external#view'] & { readonly $type: 'app.bsky.embed.external#view' })
      | undefined
    readonly labels?: readonly LexiconTypes['com.atproto.label.defs#label'][] | undefined
    readonly expiresAt?: string | undefined
    readonly isActive?: boolean | undefined
    readonly isDisabled?: boolean | undefined
  }
}
