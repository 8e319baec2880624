// Written by scripts/generate-network.ts.
import type { AppBskyActorContentVisibilityDeclarationTypes } from './app/bsky/actor/content-visibility-declaration.ts'
import type { AppBskyActorDefsTypes } from './app/bsky/actor/defs.ts'
import type { AppBskyActorGetPreferencesTypes } from './app/bsky/actor/get-preferences.ts'
import type { AppBskyActorGetProfileTypes } from './app/bsky/actor/get-profile.ts'
import type { AppBskyActorGetProfilesTypes } from './app/bsky/actor/get-profiles.ts'
import type { AppBskyActorGetSuggestionsTypes } from './app/bsky/actor/get-suggestions.ts'
import type { AppBskyActorProfileTypes } from './app/bsky/actor/profile.ts'
import type { AppBskyActorPutPreferencesTypes } from './app/bsky/actor/put-preferences.ts'
import type { AppBskyActorSearchActorsTypes } from './app/bsky/actor/search-actors.ts'
import type { AppBskyActorSearchActorsTypeaheadTypes } from './app/bsky/actor/search-actors-typeahead.ts'
import type { AppBskyActorStatusTypes } from './app/bsky/actor/status.ts'
import type { AppBskyAgeassuranceBeginTypes } from './app/bsky/ageassurance/begin.ts'
import type { AppBskyAgeassuranceDefsTypes } from './app/bsky/ageassurance/defs.ts'
import type { AppBskyAgeassuranceGetConfigTypes } from './app/bsky/ageassurance/get-config.ts'
import type { AppBskyAgeassuranceGetStateTypes } from './app/bsky/ageassurance/get-state.ts'
import type { AppBskyBookmarkCreateBookmarkTypes } from './app/bsky/bookmark/create-bookmark.ts'
import type { AppBskyBookmarkDefsTypes } from './app/bsky/bookmark/defs.ts'
import type { AppBskyBookmarkDeleteBookmarkTypes } from './app/bsky/bookmark/delete-bookmark.ts'
import type { AppBskyBookmarkGetBookmarksTypes } from './app/bsky/bookmark/get-bookmarks.ts'
import type { AppBskyContactDefsTypes } from './app/bsky/contact/defs.ts'
import type { AppBskyContactDismissMatchTypes } from './app/bsky/contact/dismiss-match.ts'
import type { AppBskyContactGetMatchesTypes } from './app/bsky/contact/get-matches.ts'
import type { AppBskyContactGetSyncStatusTypes } from './app/bsky/contact/get-sync-status.ts'
import type { AppBskyContactImportContactsTypes } from './app/bsky/contact/import-contacts.ts'
import type { AppBskyContactRemoveDataTypes } from './app/bsky/contact/remove-data.ts'
import type { AppBskyContactSendNotificationTypes } from './app/bsky/contact/send-notification.ts'
import type { AppBskyContactStartPhoneVerificationTypes } from './app/bsky/contact/start-phone-verification.ts'
import type { AppBskyContactVerifyPhoneTypes } from './app/bsky/contact/verify-phone.ts'
import type { AppBskyDraftCreateDraftTypes } from './app/bsky/draft/create-draft.ts'
import type { AppBskyDraftDefsTypes } from './app/bsky/draft/defs.ts'
import type { AppBskyDraftDeleteDraftTypes } from './app/bsky/draft/delete-draft.ts'
import type { AppBskyDraftGetDraftsTypes } from './app/bsky/draft/get-drafts.ts'
import type { AppBskyDraftUpdateDraftTypes } from './app/bsky/draft/update-draft.ts'
import type { AppBskyEmbedDefsTypes } from './app/bsky/embed/defs.ts'
import type { AppBskyEmbedExternalTypes } from './app/bsky/embed/external.ts'
import type { AppBskyEmbedGalleryTypes } from './app/bsky/embed/gallery.ts'
import type { AppBskyEmbedGetEmbedExternalViewTypes } from './app/bsky/embed/get-embed-external-view.ts'
import type { AppBskyEmbedImagesTypes } from './app/bsky/embed/images.ts'
import type { AppBskyEmbedRecordTypes } from './app/bsky/embed/record.ts'
import type { AppBskyEmbedRecordWithMediaTypes } from './app/bsky/embed/record-with-media.ts'
import type { AppBskyEmbedVideoTypes } from './app/bsky/embed/video.ts'
import type { AppBskyFeedDefsTypes } from './app/bsky/feed/defs.ts'
import type { AppBskyFeedDescribeFeedGeneratorTypes } from './app/bsky/feed/describe-feed-generator.ts'
import type { AppBskyFeedGeneratorTypes } from './app/bsky/feed/generator.ts'
import type { AppBskyFeedGetActorFeedsTypes } from './app/bsky/feed/get-actor-feeds.ts'
import type { AppBskyFeedGetActorLikesTypes } from './app/bsky/feed/get-actor-likes.ts'
import type { AppBskyFeedGetAuthorFeedTypes } from './app/bsky/feed/get-author-feed.ts'
import type { AppBskyFeedGetFeedTypes } from './app/bsky/feed/get-feed.ts'
import type { AppBskyFeedGetFeedGeneratorTypes } from './app/bsky/feed/get-feed-generator.ts'
import type { AppBskyFeedGetFeedGeneratorsTypes } from './app/bsky/feed/get-feed-generators.ts'
import type { AppBskyFeedGetFeedSkeletonTypes } from './app/bsky/feed/get-feed-skeleton.ts'
import type { AppBskyFeedGetLikesTypes } from './app/bsky/feed/get-likes.ts'
import type { AppBskyFeedGetListFeedTypes } from './app/bsky/feed/get-list-feed.ts'
import type { AppBskyFeedGetPostThreadTypes } from './app/bsky/feed/get-post-thread.ts'
import type { AppBskyFeedGetPostsTypes } from './app/bsky/feed/get-posts.ts'
import type { AppBskyFeedGetQuotesTypes } from './app/bsky/feed/get-quotes.ts'
import type { AppBskyFeedGetRepostedByTypes } from './app/bsky/feed/get-reposted-by.ts'
import type { AppBskyFeedGetSuggestedFeedsTypes } from './app/bsky/feed/get-suggested-feeds.ts'
import type { AppBskyFeedGetTimelineTypes } from './app/bsky/feed/get-timeline.ts'
import type { AppBskyFeedLikeTypes } from './app/bsky/feed/like.ts'
import type { AppBskyFeedPostTypes } from './app/bsky/feed/post.ts'
import type { AppBskyFeedPostgateTypes } from './app/bsky/feed/postgate.ts'
import type { AppBskyFeedRepostTypes } from './app/bsky/feed/repost.ts'
import type { AppBskyFeedSearchPostsTypes } from './app/bsky/feed/search-posts.ts'
import type { AppBskyFeedSearchPostsV2Types } from './app/bsky/feed/search-posts-v2.ts'
import type { AppBskyFeedSendInteractionsTypes } from './app/bsky/feed/send-interactions.ts'
import type { AppBskyFeedThreadgateTypes } from './app/bsky/feed/threadgate.ts'
import type { AppBskyGraphBlockTypes } from './app/bsky/graph/block.ts'
import type { AppBskyGraphDefsTypes } from './app/bsky/graph/defs.ts'
import type { AppBskyGraphFollowTypes } from './app/bsky/graph/follow.ts'
import type { AppBskyGraphGetActorStarterPacksTypes } from './app/bsky/graph/get-actor-starter-packs.ts'
import type { AppBskyGraphGetBlocksTypes } from './app/bsky/graph/get-blocks.ts'
import type { AppBskyGraphGetFollowersTypes } from './app/bsky/graph/get-followers.ts'
import type { AppBskyGraphGetFollowsTypes } from './app/bsky/graph/get-follows.ts'
import type { AppBskyGraphGetKnownFollowersTypes } from './app/bsky/graph/get-known-followers.ts'
import type { AppBskyGraphGetListTypes } from './app/bsky/graph/get-list.ts'
import type { AppBskyGraphGetListBlocksTypes } from './app/bsky/graph/get-list-blocks.ts'
import type { AppBskyGraphGetListMutesTypes } from './app/bsky/graph/get-list-mutes.ts'
import type { AppBskyGraphGetListsTypes } from './app/bsky/graph/get-lists.ts'
import type { AppBskyGraphGetListsWithMembershipTypes } from './app/bsky/graph/get-lists-with-membership.ts'
import type { AppBskyGraphGetMutesTypes } from './app/bsky/graph/get-mutes.ts'
import type { AppBskyGraphGetRelationshipsTypes } from './app/bsky/graph/get-relationships.ts'
import type { AppBskyGraphGetStarterPackTypes } from './app/bsky/graph/get-starter-pack.ts'
import type { AppBskyGraphGetStarterPacksTypes } from './app/bsky/graph/get-starter-packs.ts'
import type { AppBskyGraphGetStarterPacksWithMembershipTypes } from './app/bsky/graph/get-starter-packs-with-membership.ts'
import type { AppBskyGraphGetSuggestedFollowsByActorTypes } from './app/bsky/graph/get-suggested-follows-by-actor.ts'
import type { AppBskyGraphListTypes } from './app/bsky/graph/list.ts'
import type { AppBskyGraphListblockTypes } from './app/bsky/graph/listblock.ts'
import type { AppBskyGraphListitemTypes } from './app/bsky/graph/listitem.ts'
import type { AppBskyGraphMuteActorTypes } from './app/bsky/graph/mute-actor.ts'
import type { AppBskyGraphMuteActorListTypes } from './app/bsky/graph/mute-actor-list.ts'
import type { AppBskyGraphMuteThreadTypes } from './app/bsky/graph/mute-thread.ts'
import type { AppBskyGraphReferencelistoptoutTypes } from './app/bsky/graph/referencelistoptout.ts'
import type { AppBskyGraphSearchStarterPacksTypes } from './app/bsky/graph/search-starter-packs.ts'
import type { AppBskyGraphSearchStarterPacksV2Types } from './app/bsky/graph/search-starter-packs-v2.ts'
import type { AppBskyGraphStarterpackTypes } from './app/bsky/graph/starterpack.ts'
import type { AppBskyGraphUnmuteActorTypes } from './app/bsky/graph/unmute-actor.ts'
import type { AppBskyGraphUnmuteActorListTypes } from './app/bsky/graph/unmute-actor-list.ts'
import type { AppBskyGraphUnmuteThreadTypes } from './app/bsky/graph/unmute-thread.ts'
import type { AppBskyGraphVerificationTypes } from './app/bsky/graph/verification.ts'
import type { AppBskyLabelerDefsTypes } from './app/bsky/labeler/defs.ts'
import type { AppBskyLabelerGetServicesTypes } from './app/bsky/labeler/get-services.ts'
import type { AppBskyLabelerServiceTypes } from './app/bsky/labeler/service.ts'
import type { AppBskyNotificationDeclarationTypes } from './app/bsky/notification/declaration.ts'
import type { AppBskyNotificationDefsTypes } from './app/bsky/notification/defs.ts'
import type { AppBskyNotificationGetPreferencesTypes } from './app/bsky/notification/get-preferences.ts'
import type { AppBskyNotificationGetUnreadCountTypes } from './app/bsky/notification/get-unread-count.ts'
import type { AppBskyNotificationListActivitySubscriptionsTypes } from './app/bsky/notification/list-activity-subscriptions.ts'
import type { AppBskyNotificationListNotificationsTypes } from './app/bsky/notification/list-notifications.ts'
import type { AppBskyNotificationPutActivitySubscriptionTypes } from './app/bsky/notification/put-activity-subscription.ts'
import type { AppBskyNotificationPutPreferencesTypes } from './app/bsky/notification/put-preferences.ts'
import type { AppBskyNotificationPutPreferencesV2Types } from './app/bsky/notification/put-preferences-v2.ts'
import type { AppBskyNotificationRegisterPushTypes } from './app/bsky/notification/register-push.ts'
import type { AppBskyNotificationUnregisterPushTypes } from './app/bsky/notification/unregister-push.ts'
import type { AppBskyNotificationUpdateSeenTypes } from './app/bsky/notification/update-seen.ts'
import type { AppBskyRichtextFacetTypes } from './app/bsky/richtext/facet.ts'
import type { AppBskyUnspeccedDefsTypes } from './app/bsky/unspecced/defs.ts'
import type { AppBskyUnspeccedGetAgeAssuranceStateTypes } from './app/bsky/unspecced/get-age-assurance-state.ts'
import type { AppBskyUnspeccedGetConfigTypes } from './app/bsky/unspecced/get-config.ts'
import type { AppBskyUnspeccedGetOnboardingSuggestedStarterPacksTypes } from './app/bsky/unspecced/get-onboarding-suggested-starter-packs.ts'
import type { AppBskyUnspeccedGetOnboardingSuggestedStarterPacksSkeletonTypes } from './app/bsky/unspecced/get-onboarding-suggested-starter-packs-skeleton.ts'
import type { AppBskyUnspeccedGetOnboardingSuggestedUsersSkeletonTypes } from './app/bsky/unspecced/get-onboarding-suggested-users-skeleton.ts'
import type { AppBskyUnspeccedGetPopularFeedGeneratorsTypes } from './app/bsky/unspecced/get-popular-feed-generators.ts'
import type { AppBskyUnspeccedGetPostThreadOtherV2Types } from './app/bsky/unspecced/get-post-thread-other-v2.ts'
import type { AppBskyUnspeccedGetPostThreadV2Types } from './app/bsky/unspecced/get-post-thread-v2.ts'
import type { AppBskyUnspeccedGetSuggestedFeedsTypes } from './app/bsky/unspecced/get-suggested-feeds.ts'
import type { AppBskyUnspeccedGetSuggestedFeedsSkeletonTypes } from './app/bsky/unspecced/get-suggested-feeds-skeleton.ts'
import type { AppBskyUnspeccedGetSuggestedOnboardingUsersTypes } from './app/bsky/unspecced/get-suggested-onboarding-users.ts'
import type { AppBskyUnspeccedGetSuggestedStarterPacksTypes } from './app/bsky/unspecced/get-suggested-starter-packs.ts'
import type { AppBskyUnspeccedGetSuggestedStarterPacksSkeletonTypes } from './app/bsky/unspecced/get-suggested-starter-packs-skeleton.ts'
import type { AppBskyUnspeccedGetSuggestedUsersTypes } from './app/bsky/unspecced/get-suggested-users.ts'
import type { AppBskyUnspeccedGetSuggestedUsersForDiscoverTypes } from './app/bsky/unspecced/get-suggested-users-for-discover.ts'
import type { AppBskyUnspeccedGetSuggestedUsersForDiscoverSkeletonTypes } from './app/bsky/unspecced/get-suggested-users-for-discover-skeleton.ts'
import type { AppBskyUnspeccedGetSuggestedUsersForExploreTypes } from './app/bsky/unspecced/get-suggested-users-for-explore.ts'
import type { AppBskyUnspeccedGetSuggestedUsersForExploreSkeletonTypes } from './app/bsky/unspecced/get-suggested-users-for-explore-skeleton.ts'
import type { AppBskyUnspeccedGetSuggestedUsersForSeeMoreTypes } from './app/bsky/unspecced/get-suggested-users-for-see-more.ts'
import type { AppBskyUnspeccedGetSuggestedUsersForSeeMoreSkeletonTypes } from './app/bsky/unspecced/get-suggested-users-for-see-more-skeleton.ts'
import type { AppBskyUnspeccedGetSuggestedUsersSkeletonTypes } from './app/bsky/unspecced/get-suggested-users-skeleton.ts'
import type { AppBskyUnspeccedGetSuggestionsSkeletonTypes } from './app/bsky/unspecced/get-suggestions-skeleton.ts'
import type { AppBskyUnspeccedGetTaggedSuggestionsTypes } from './app/bsky/unspecced/get-tagged-suggestions.ts'
import type { AppBskyUnspeccedGetTrendingTopicsTypes } from './app/bsky/unspecced/get-trending-topics.ts'
import type { AppBskyUnspeccedGetTrendsTypes } from './app/bsky/unspecced/get-trends.ts'
import type { AppBskyUnspeccedGetTrendsSkeletonTypes } from './app/bsky/unspecced/get-trends-skeleton.ts'
import type { AppBskyUnspeccedInitAgeAssuranceTypes } from './app/bsky/unspecced/init-age-assurance.ts'
import type { AppBskyUnspeccedSearchActorsSkeletonTypes } from './app/bsky/unspecced/search-actors-skeleton.ts'
import type { AppBskyUnspeccedSearchPostsSkeletonTypes } from './app/bsky/unspecced/search-posts-skeleton.ts'
import type { AppBskyUnspeccedSearchStarterPacksSkeletonTypes } from './app/bsky/unspecced/search-starter-packs-skeleton.ts'
import type { AppBskyVideoAbortUploadTypes } from './app/bsky/video/abort-upload.ts'
import type { AppBskyVideoDefsTypes } from './app/bsky/video/defs.ts'
import type { AppBskyVideoFinishUploadTypes } from './app/bsky/video/finish-upload.ts'
import type { AppBskyVideoGetJobStatusTypes } from './app/bsky/video/get-job-status.ts'
import type { AppBskyVideoGetUploadLimitsTypes } from './app/bsky/video/get-upload-limits.ts'
import type { AppBskyVideoGetUploadStatusTypes } from './app/bsky/video/get-upload-status.ts'
import type { AppBskyVideoStartUploadTypes } from './app/bsky/video/start-upload.ts'
import type { AppBskyVideoUploadPartTypes } from './app/bsky/video/upload-part.ts'
import type { AppBskyVideoUploadVideoTypes } from './app/bsky/video/upload-video.ts'

/** The types of all lexicons of `app.bsky`. */
export interface AppBskyTypes
  extends
    AppBskyActorContentVisibilityDeclarationTypes,
    AppBskyActorDefsTypes,
    AppBskyActorGetPreferencesTypes,
    AppBskyActorGetProfileTypes,
    AppBskyActorGetProfilesTypes,
    AppBskyActorGetSuggestionsTypes,
    AppBskyActorProfileTypes,
    AppBskyActorPutPreferencesTypes,
    AppBskyActorSearchActorsTypes,
    AppBskyActorSearchActorsTypeaheadTypes,
    AppBskyActorStatusTypes,
    AppBskyAgeassuranceBeginTypes,
    AppBskyAgeassuranceDefsTypes,
    AppBskyAgeassuranceGetConfigTypes,
    AppBskyAgeassuranceGetStateTypes,
    AppBskyBookmarkCreateBookmarkTypes,
    AppBskyBookmarkDefsTypes,
    AppBskyBookmarkDeleteBookmarkTypes,
    AppBskyBookmarkGetBookmarksTypes,
    AppBskyContactDefsTypes,
    AppBskyContactDismissMatchTypes,
    AppBskyContactGetMatchesTypes,
    AppBskyContactGetSyncStatusTypes,
    AppBskyContactImportContactsTypes,
    AppBskyContactRemoveDataTypes,
    AppBskyContactSendNotificationTypes,
    AppBskyContactStartPhoneVerificationTypes,
    AppBskyContactVerifyPhoneTypes,
    AppBskyDraftCreateDraftTypes,
    AppBskyDraftDefsTypes,
    AppBskyDraftDeleteDraftTypes,
    AppBskyDraftGetDraftsTypes,
    AppBskyDraftUpdateDraftTypes,
    AppBskyEmbedDefsTypes,
    AppBskyEmbedExternalTypes,
    AppBskyEmbedGalleryTypes,
    AppBskyEmbedGetEmbedExternalViewTypes,
    AppBskyEmbedImagesTypes,
    AppBskyEmbedRecordTypes,
    AppBskyEmbedRecordWithMediaTypes,
    AppBskyEmbedVideoTypes,
    AppBskyFeedDefsTypes,
    AppBskyFeedDescribeFeedGeneratorTypes,
    AppBskyFeedGeneratorTypes,
    AppBskyFeedGetActorFeedsTypes,
    AppBskyFeedGetActorLikesTypes,
    AppBskyFeedGetAuthorFeedTypes,
    AppBskyFeedGetFeedTypes,
    AppBskyFeedGetFeedGeneratorTypes,
    AppBskyFeedGetFeedGeneratorsTypes,
    AppBskyFeedGetFeedSkeletonTypes,
    AppBskyFeedGetLikesTypes,
    AppBskyFeedGetListFeedTypes,
    AppBskyFeedGetPostThreadTypes,
    AppBskyFeedGetPostsTypes,
    AppBskyFeedGetQuotesTypes,
    AppBskyFeedGetRepostedByTypes,
    AppBskyFeedGetSuggestedFeedsTypes,
    AppBskyFeedGetTimelineTypes,
    AppBskyFeedLikeTypes,
    AppBskyFeedPostTypes,
    AppBskyFeedPostgateTypes,
    AppBskyFeedRepostTypes,
    AppBskyFeedSearchPostsTypes,
    AppBskyFeedSearchPostsV2Types,
    AppBskyFeedSendInteractionsTypes,
    AppBskyFeedThreadgateTypes,
    AppBskyGraphBlockTypes,
    AppBskyGraphDefsTypes,
    AppBskyGraphFollowTypes,
    AppBskyGraphGetActorStarterPacksTypes,
    AppBskyGraphGetBlocksTypes,
    AppBskyGraphGetFollowersTypes,
    AppBskyGraphGetFollowsTypes,
    AppBskyGraphGetKnownFollowersTypes,
    AppBskyGraphGetListTypes,
    AppBskyGraphGetListBlocksTypes,
    AppBskyGraphGetListMutesTypes,
    AppBskyGraphGetListsTypes,
    AppBskyGraphGetListsWithMembershipTypes,
    AppBskyGraphGetMutesTypes,
    AppBskyGraphGetRelationshipsTypes,
    AppBskyGraphGetStarterPackTypes,
    AppBskyGraphGetStarterPacksTypes,
    AppBskyGraphGetStarterPacksWithMembershipTypes,
    AppBskyGraphGetSuggestedFollowsByActorTypes,
    AppBskyGraphListTypes,
    AppBskyGraphListblockTypes,
    AppBskyGraphListitemTypes,
    AppBskyGraphMuteActorTypes,
    AppBskyGraphMuteActorListTypes,
    AppBskyGraphMuteThreadTypes,
    AppBskyGraphReferencelistoptoutTypes,
    AppBskyGraphSearchStarterPacksTypes,
    AppBskyGraphSearchStarterPacksV2Types,
    AppBskyGraphStarterpackTypes,
    AppBskyGraphUnmuteActorTypes,
    AppBskyGraphUnmuteActorListTypes,
    AppBskyGraphUnmuteThreadTypes,
    AppBskyGraphVerificationTypes,
    AppBskyLabelerDefsTypes,
    AppBskyLabelerGetServicesTypes,
    AppBskyLabelerServiceTypes,
    AppBskyNotificationDeclarationTypes,
    AppBskyNotificationDefsTypes,
    AppBskyNotificationGetPreferencesTypes,
    AppBskyNotificationGetUnreadCountTypes,
    AppBskyNotificationListActivitySubscriptionsTypes,
    AppBskyNotificationListNotificationsTypes,
    AppBskyNotificationPutActivitySubscriptionTypes,
    AppBskyNotificationPutPreferencesTypes,
    AppBskyNotificationPutPreferencesV2Types,
    AppBskyNotificationRegisterPushTypes,
    AppBskyNotificationUnregisterPushTypes,
    AppBskyNotificationUpdateSeenTypes,
    AppBskyRichtextFacetTypes,
    AppBskyUnspeccedDefsTypes,
    AppBskyUnspeccedGetAgeAssuranceStateTypes,
    AppBskyUnspeccedGetConfigTypes,
    AppBskyUnspeccedGetOnboardingSuggestedStarterPacksTypes,
    AppBskyUnspeccedGetOnboardingSuggestedStarterPacksSkeletonTypes,
    AppBskyUnspeccedGetOnboardingSuggestedUsersSkeletonTypes,
    AppBskyUnspeccedGetPopularFeedGeneratorsTypes,
    AppBskyUnspeccedGetPostThreadOtherV2Types,
    AppBskyUnspeccedGetPostThreadV2Types,
    AppBskyUnspeccedGetSuggestedFeedsTypes,
    AppBskyUnspeccedGetSuggestedFeedsSkeletonTypes,
    AppBskyUnspeccedGetSuggestedOnboardingUsersTypes,
    AppBskyUnspeccedGetSuggestedStarterPacksTypes,
    AppBskyUnspeccedGetSuggestedStarterPacksSkeletonTypes,
    AppBskyUnspeccedGetSuggestedUsersTypes,
    AppBskyUnspeccedGetSuggestedUsersForDiscoverTypes,
    AppBskyUnspeccedGetSuggestedUsersForDiscoverSkeletonTypes,
    AppBskyUnspeccedGetSuggestedUsersForExploreTypes,
    AppBskyUnspeccedGetSuggestedUsersForExploreSkeletonTypes,
    AppBskyUnspeccedGetSuggestedUsersForSeeMoreTypes,
    AppBskyUnspeccedGetSuggestedUsersForSeeMoreSkeletonTypes,
    AppBskyUnspeccedGetSuggestedUsersSkeletonTypes,
    AppBskyUnspeccedGetSuggestionsSkeletonTypes,
    AppBskyUnspeccedGetTaggedSuggestionsTypes,
    AppBskyUnspeccedGetTrendingTopicsTypes,
    AppBskyUnspeccedGetTrendsTypes,
    AppBskyUnspeccedGetTrendsSkeletonTypes,
    AppBskyUnspeccedInitAgeAssuranceTypes,
    AppBskyUnspeccedSearchActorsSkeletonTypes,
    AppBskyUnspeccedSearchPostsSkeletonTypes,
    AppBskyUnspeccedSearchStarterPacksSkeletonTypes,
    AppBskyVideoAbortUploadTypes,
    AppBskyVideoDefsTypes,
    AppBskyVideoFinishUploadTypes,
    AppBskyVideoGetJobStatusTypes,
    AppBskyVideoGetUploadLimitsTypes,
    AppBskyVideoGetUploadStatusTypes,
    AppBskyVideoStartUploadTypes,
    AppBskyVideoUploadPartTypes,
    AppBskyVideoUploadVideoTypes {}
