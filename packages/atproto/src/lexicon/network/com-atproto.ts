// Written by scripts/generate-network.ts.
import type { ComAtprotoAdminDefsTypes } from './com/atproto/admin/defs.ts'
import type { ComAtprotoAdminDeleteAccountTypes } from './com/atproto/admin/delete-account.ts'
import type { ComAtprotoAdminDisableAccountInvitesTypes } from './com/atproto/admin/disable-account-invites.ts'
import type { ComAtprotoAdminDisableInviteCodesTypes } from './com/atproto/admin/disable-invite-codes.ts'
import type { ComAtprotoAdminEnableAccountInvitesTypes } from './com/atproto/admin/enable-account-invites.ts'
import type { ComAtprotoAdminGetAccountInfoTypes } from './com/atproto/admin/get-account-info.ts'
import type { ComAtprotoAdminGetAccountInfosTypes } from './com/atproto/admin/get-account-infos.ts'
import type { ComAtprotoAdminGetInviteCodesTypes } from './com/atproto/admin/get-invite-codes.ts'
import type { ComAtprotoAdminGetSubjectStatusTypes } from './com/atproto/admin/get-subject-status.ts'
import type { ComAtprotoAdminSearchAccountsTypes } from './com/atproto/admin/search-accounts.ts'
import type { ComAtprotoAdminSendEmailTypes } from './com/atproto/admin/send-email.ts'
import type { ComAtprotoAdminUpdateAccountEmailTypes } from './com/atproto/admin/update-account-email.ts'
import type { ComAtprotoAdminUpdateAccountHandleTypes } from './com/atproto/admin/update-account-handle.ts'
import type { ComAtprotoAdminUpdateAccountPasswordTypes } from './com/atproto/admin/update-account-password.ts'
import type { ComAtprotoAdminUpdateAccountSigningKeyTypes } from './com/atproto/admin/update-account-signing-key.ts'
import type { ComAtprotoAdminUpdateSubjectStatusTypes } from './com/atproto/admin/update-subject-status.ts'
import type { ComAtprotoIdentityDefsTypes } from './com/atproto/identity/defs.ts'
import type { ComAtprotoIdentityGetRecommendedDidCredentialsTypes } from './com/atproto/identity/get-recommended-did-credentials.ts'
import type { ComAtprotoIdentityRefreshIdentityTypes } from './com/atproto/identity/refresh-identity.ts'
import type { ComAtprotoIdentityRequestPlcOperationSignatureTypes } from './com/atproto/identity/request-plc-operation-signature.ts'
import type { ComAtprotoIdentityResolveDidTypes } from './com/atproto/identity/resolve-did.ts'
import type { ComAtprotoIdentityResolveHandleTypes } from './com/atproto/identity/resolve-handle.ts'
import type { ComAtprotoIdentityResolveIdentityTypes } from './com/atproto/identity/resolve-identity.ts'
import type { ComAtprotoIdentitySignPlcOperationTypes } from './com/atproto/identity/sign-plc-operation.ts'
import type { ComAtprotoIdentitySubmitPlcOperationTypes } from './com/atproto/identity/submit-plc-operation.ts'
import type { ComAtprotoIdentityUpdateHandleTypes } from './com/atproto/identity/update-handle.ts'
import type { ComAtprotoLabelDefsTypes } from './com/atproto/label/defs.ts'
import type { ComAtprotoLabelQueryLabelsTypes } from './com/atproto/label/query-labels.ts'
import type { ComAtprotoLabelSubscribeLabelsTypes } from './com/atproto/label/subscribe-labels.ts'
import type { ComAtprotoLexiconResolveLexiconTypes } from './com/atproto/lexicon/resolve-lexicon.ts'
import type { ComAtprotoLexiconSchemaTypes } from './com/atproto/lexicon/schema.ts'
import type { ComAtprotoModerationCreateReportTypes } from './com/atproto/moderation/create-report.ts'
import type { ComAtprotoModerationDefsTypes } from './com/atproto/moderation/defs.ts'
import type { ComAtprotoRepoApplyWritesTypes } from './com/atproto/repo/apply-writes.ts'
import type { ComAtprotoRepoCreateRecordTypes } from './com/atproto/repo/create-record.ts'
import type { ComAtprotoRepoDefsTypes } from './com/atproto/repo/defs.ts'
import type { ComAtprotoRepoDeleteRecordTypes } from './com/atproto/repo/delete-record.ts'
import type { ComAtprotoRepoDescribeRepoTypes } from './com/atproto/repo/describe-repo.ts'
import type { ComAtprotoRepoGetRecordTypes } from './com/atproto/repo/get-record.ts'
import type { ComAtprotoRepoImportRepoTypes } from './com/atproto/repo/import-repo.ts'
import type { ComAtprotoRepoListMissingBlobsTypes } from './com/atproto/repo/list-missing-blobs.ts'
import type { ComAtprotoRepoListRecordsTypes } from './com/atproto/repo/list-records.ts'
import type { ComAtprotoRepoPutRecordTypes } from './com/atproto/repo/put-record.ts'
import type { ComAtprotoRepoStrongRefTypes } from './com/atproto/repo/strong-ref.ts'
import type { ComAtprotoRepoUploadBlobTypes } from './com/atproto/repo/upload-blob.ts'
import type { ComAtprotoServerActivateAccountTypes } from './com/atproto/server/activate-account.ts'
import type { ComAtprotoServerCheckAccountStatusTypes } from './com/atproto/server/check-account-status.ts'
import type { ComAtprotoServerConfirmEmailTypes } from './com/atproto/server/confirm-email.ts'
import type { ComAtprotoServerCreateAccountTypes } from './com/atproto/server/create-account.ts'
import type { ComAtprotoServerCreateAppPasswordTypes } from './com/atproto/server/create-app-password.ts'
import type { ComAtprotoServerCreateInviteCodeTypes } from './com/atproto/server/create-invite-code.ts'
import type { ComAtprotoServerCreateInviteCodesTypes } from './com/atproto/server/create-invite-codes.ts'
import type { ComAtprotoServerCreateSessionTypes } from './com/atproto/server/create-session.ts'
import type { ComAtprotoServerDeactivateAccountTypes } from './com/atproto/server/deactivate-account.ts'
import type { ComAtprotoServerDefsTypes } from './com/atproto/server/defs.ts'
import type { ComAtprotoServerDeleteAccountTypes } from './com/atproto/server/delete-account.ts'
import type { ComAtprotoServerDeleteSessionTypes } from './com/atproto/server/delete-session.ts'
import type { ComAtprotoServerDescribeServerTypes } from './com/atproto/server/describe-server.ts'
import type { ComAtprotoServerGetAccountInviteCodesTypes } from './com/atproto/server/get-account-invite-codes.ts'
import type { ComAtprotoServerGetServiceAuthTypes } from './com/atproto/server/get-service-auth.ts'
import type { ComAtprotoServerGetSessionTypes } from './com/atproto/server/get-session.ts'
import type { ComAtprotoServerListAppPasswordsTypes } from './com/atproto/server/list-app-passwords.ts'
import type { ComAtprotoServerRefreshSessionTypes } from './com/atproto/server/refresh-session.ts'
import type { ComAtprotoServerRequestAccountDeleteTypes } from './com/atproto/server/request-account-delete.ts'
import type { ComAtprotoServerRequestEmailConfirmationTypes } from './com/atproto/server/request-email-confirmation.ts'
import type { ComAtprotoServerRequestEmailUpdateTypes } from './com/atproto/server/request-email-update.ts'
import type { ComAtprotoServerRequestPasswordResetTypes } from './com/atproto/server/request-password-reset.ts'
import type { ComAtprotoServerReserveSigningKeyTypes } from './com/atproto/server/reserve-signing-key.ts'
import type { ComAtprotoServerResetPasswordTypes } from './com/atproto/server/reset-password.ts'
import type { ComAtprotoServerRevokeAppPasswordTypes } from './com/atproto/server/revoke-app-password.ts'
import type { ComAtprotoServerUpdateEmailTypes } from './com/atproto/server/update-email.ts'
import type { ComAtprotoSyncDefsTypes } from './com/atproto/sync/defs.ts'
import type { ComAtprotoSyncGetBlobTypes } from './com/atproto/sync/get-blob.ts'
import type { ComAtprotoSyncGetBlocksTypes } from './com/atproto/sync/get-blocks.ts'
import type { ComAtprotoSyncGetCheckoutTypes } from './com/atproto/sync/get-checkout.ts'
import type { ComAtprotoSyncGetHeadTypes } from './com/atproto/sync/get-head.ts'
import type { ComAtprotoSyncGetHostStatusTypes } from './com/atproto/sync/get-host-status.ts'
import type { ComAtprotoSyncGetLatestCommitTypes } from './com/atproto/sync/get-latest-commit.ts'
import type { ComAtprotoSyncGetRecordTypes } from './com/atproto/sync/get-record.ts'
import type { ComAtprotoSyncGetRepoTypes } from './com/atproto/sync/get-repo.ts'
import type { ComAtprotoSyncGetRepoStatusTypes } from './com/atproto/sync/get-repo-status.ts'
import type { ComAtprotoSyncListBlobsTypes } from './com/atproto/sync/list-blobs.ts'
import type { ComAtprotoSyncListHostsTypes } from './com/atproto/sync/list-hosts.ts'
import type { ComAtprotoSyncListReposTypes } from './com/atproto/sync/list-repos.ts'
import type { ComAtprotoSyncListReposByCollectionTypes } from './com/atproto/sync/list-repos-by-collection.ts'
import type { ComAtprotoSyncNotifyOfUpdateTypes } from './com/atproto/sync/notify-of-update.ts'
import type { ComAtprotoSyncRequestCrawlTypes } from './com/atproto/sync/request-crawl.ts'
import type { ComAtprotoSyncSubscribeReposTypes } from './com/atproto/sync/subscribe-repos.ts'
import type { ComAtprotoTempAddReservedHandleTypes } from './com/atproto/temp/add-reserved-handle.ts'
import type { ComAtprotoTempCheckHandleAvailabilityTypes } from './com/atproto/temp/check-handle-availability.ts'
import type { ComAtprotoTempCheckSignupQueueTypes } from './com/atproto/temp/check-signup-queue.ts'
import type { ComAtprotoTempDereferenceScopeTypes } from './com/atproto/temp/dereference-scope.ts'
import type { ComAtprotoTempFetchLabelsTypes } from './com/atproto/temp/fetch-labels.ts'
import type { ComAtprotoTempRequestPhoneVerificationTypes } from './com/atproto/temp/request-phone-verification.ts'
import type { ComAtprotoTempRevokeAccountCredentialsTypes } from './com/atproto/temp/revoke-account-credentials.ts'

/** The types of all lexicons of `com.atproto`. */
export interface ComAtprotoTypes
  extends
    ComAtprotoAdminDefsTypes,
    ComAtprotoAdminDeleteAccountTypes,
    ComAtprotoAdminDisableAccountInvitesTypes,
    ComAtprotoAdminDisableInviteCodesTypes,
    ComAtprotoAdminEnableAccountInvitesTypes,
    ComAtprotoAdminGetAccountInfoTypes,
    ComAtprotoAdminGetAccountInfosTypes,
    ComAtprotoAdminGetInviteCodesTypes,
    ComAtprotoAdminGetSubjectStatusTypes,
    ComAtprotoAdminSearchAccountsTypes,
    ComAtprotoAdminSendEmailTypes,
    ComAtprotoAdminUpdateAccountEmailTypes,
    ComAtprotoAdminUpdateAccountHandleTypes,
    ComAtprotoAdminUpdateAccountPasswordTypes,
    ComAtprotoAdminUpdateAccountSigningKeyTypes,
    ComAtprotoAdminUpdateSubjectStatusTypes,
    ComAtprotoIdentityDefsTypes,
    ComAtprotoIdentityGetRecommendedDidCredentialsTypes,
    ComAtprotoIdentityRefreshIdentityTypes,
    ComAtprotoIdentityRequestPlcOperationSignatureTypes,
    ComAtprotoIdentityResolveDidTypes,
    ComAtprotoIdentityResolveHandleTypes,
    ComAtprotoIdentityResolveIdentityTypes,
    ComAtprotoIdentitySignPlcOperationTypes,
    ComAtprotoIdentitySubmitPlcOperationTypes,
    ComAtprotoIdentityUpdateHandleTypes,
    ComAtprotoLabelDefsTypes,
    ComAtprotoLabelQueryLabelsTypes,
    ComAtprotoLabelSubscribeLabelsTypes,
    ComAtprotoLexiconResolveLexiconTypes,
    ComAtprotoLexiconSchemaTypes,
    ComAtprotoModerationCreateReportTypes,
    ComAtprotoModerationDefsTypes,
    ComAtprotoRepoApplyWritesTypes,
    ComAtprotoRepoCreateRecordTypes,
    ComAtprotoRepoDefsTypes,
    ComAtprotoRepoDeleteRecordTypes,
    ComAtprotoRepoDescribeRepoTypes,
    ComAtprotoRepoGetRecordTypes,
    ComAtprotoRepoImportRepoTypes,
    ComAtprotoRepoListMissingBlobsTypes,
    ComAtprotoRepoListRecordsTypes,
    ComAtprotoRepoPutRecordTypes,
    ComAtprotoRepoStrongRefTypes,
    ComAtprotoRepoUploadBlobTypes,
    ComAtprotoServerActivateAccountTypes,
    ComAtprotoServerCheckAccountStatusTypes,
    ComAtprotoServerConfirmEmailTypes,
    ComAtprotoServerCreateAccountTypes,
    ComAtprotoServerCreateAppPasswordTypes,
    ComAtprotoServerCreateInviteCodeTypes,
    ComAtprotoServerCreateInviteCodesTypes,
    ComAtprotoServerCreateSessionTypes,
    ComAtprotoServerDeactivateAccountTypes,
    ComAtprotoServerDefsTypes,
    ComAtprotoServerDeleteAccountTypes,
    ComAtprotoServerDeleteSessionTypes,
    ComAtprotoServerDescribeServerTypes,
    ComAtprotoServerGetAccountInviteCodesTypes,
    ComAtprotoServerGetServiceAuthTypes,
    ComAtprotoServerGetSessionTypes,
    ComAtprotoServerListAppPasswordsTypes,
    ComAtprotoServerRefreshSessionTypes,
    ComAtprotoServerRequestAccountDeleteTypes,
    ComAtprotoServerRequestEmailConfirmationTypes,
    ComAtprotoServerRequestEmailUpdateTypes,
    ComAtprotoServerRequestPasswordResetTypes,
    ComAtprotoServerReserveSigningKeyTypes,
    ComAtprotoServerResetPasswordTypes,
    ComAtprotoServerRevokeAppPasswordTypes,
    ComAtprotoServerUpdateEmailTypes,
    ComAtprotoSyncDefsTypes,
    ComAtprotoSyncGetBlobTypes,
    ComAtprotoSyncGetBlocksTypes,
    ComAtprotoSyncGetCheckoutTypes,
    ComAtprotoSyncGetHeadTypes,
    ComAtprotoSyncGetHostStatusTypes,
    ComAtprotoSyncGetLatestCommitTypes,
    ComAtprotoSyncGetRecordTypes,
    ComAtprotoSyncGetRepoTypes,
    ComAtprotoSyncGetRepoStatusTypes,
    ComAtprotoSyncListBlobsTypes,
    ComAtprotoSyncListHostsTypes,
    ComAtprotoSyncListReposTypes,
    ComAtprotoSyncListReposByCollectionTypes,
    ComAtprotoSyncNotifyOfUpdateTypes,
    ComAtprotoSyncRequestCrawlTypes,
    ComAtprotoSyncSubscribeReposTypes,
    ComAtprotoTempAddReservedHandleTypes,
    ComAtprotoTempCheckHandleAvailabilityTypes,
    ComAtprotoTempCheckSignupQueueTypes,
    ComAtprotoTempDereferenceScopeTypes,
    ComAtprotoTempFetchLabelsTypes,
    ComAtprotoTempRequestPhoneVerificationTypes,
    ComAtprotoTempRevokeAccountCredentialsTypes {}
