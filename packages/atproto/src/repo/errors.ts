import { defineErrors } from '@exprsn/core'

/** What goes wrong with repositories. */
export const repoErrors = defineErrors({
  ATPROTO_MST_INVALID: {
    message: 'The node {cid} of the search tree is invalid: {reason}.',
    help: 'The repository does not have the one shape that its records allow. Fetch it again; when it stays so, its host is at fault.',
    status: 400,
  },
  ATPROTO_MST_BLOCK_MISSING: {
    message: 'The block {cid} of the search tree is missing.',
    help: 'The archive or the proof is incomplete. Fetch the whole repository.',
    status: 400,
  },
  ATPROTO_MST_KEY_MISSING: {
    message: 'The tree has no record {path}.',
    help: 'Check the path, or that the tree is of the revision that you expect.',
    status: 404,
  },
  ATPROTO_PATH_INVALID: {
    message: '"{path}" is not the path of a record.',
    help: 'A path is a collection, a slash and a record key of ASCII letters, digits and . - _ : ~.',
    status: 400,
  },
  ATPROTO_REPO_INVALID: {
    message: 'The repository is invalid: {reason}.',
    help: 'Fetch the repository again; when it stays so, its host is at fault.',
    status: 400,
  },
  ATPROTO_COMMIT_INVALID: {
    message: 'The commit is invalid: {reason}.',
    help: 'Apply nothing of it. Fetch the whole repository and compare.',
    status: 400,
  },
  ATPROTO_COMMIT_SIGNATURE_INVALID: {
    message: 'The commit of {did} is not signed by the key {signingKey}.',
    help: 'The account may have changed its key: resolve its identity again once, then treat the repository as out of step.',
    status: 400,
  },
  ATPROTO_FRAME_INVALID: {
    message: 'The frame of the event stream is invalid: {reason}.',
    help: 'Note the position in the stream and go on with the next frame; the sender is at fault.',
    status: 400,
  },
})
