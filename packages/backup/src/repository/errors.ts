import { defineErrors } from '@exprsn/core'

/** What goes wrong with a backup repository. */
export const repositoryErrors = defineErrors({
  BACKUP_REPOSITORY_MISSING: {
    message: 'There is no repository in the store.',
    help: 'Check path, bucket and prefix of the store, or open it with create: "if-missing" to make one.',
    status: 404,
  },
  BACKUP_REPOSITORY_EXISTS: {
    message: 'The store holds a repository already.',
    help: 'Open it without create, or use another folder, bucket or prefix.',
    status: 409,
  },
  BACKUP_REPOSITORY_FOREIGN: {
    message: 'The store holds {key}, which belongs to no repository, and no config.',
    help: 'Use an empty folder or prefix. If this was a repository, bring its config object back from a copy.',
    status: 409,
  },
  BACKUP_REPOSITORY_VERSION: {
    message: 'The repository has format version {version}; versions 1 and 2 are known.',
    help: 'Update this package, or open the repository with the program that made it.',
  },
  BACKUP_REPOSITORY_PASSWORD: {
    message: 'No key of the repository opens with this password.',
    help: 'Check the password. {tried} key(s) were tried.',
    status: 401,
  },
  BACKUP_REPOSITORY_KEYRING: {
    message: 'No key of the repository opens with this keyring.',
    help: 'Check the keyring: {tried} sealed key(s) were tried. A password that was added opens the repository, too.',
    status: 401,
  },
  BACKUP_REPOSITORY_NO_KEY: {
    message: 'The repository has no readable key.',
    help: 'Bring an object from keys/ back from a copy: without a key, nobody can read the repository.',
  },
  BACKUP_REPOSITORY_OPTION_INVALID: {
    message: 'The repository cannot be used like this: {reason}.',
    help: 'Correct the named option.',
    status: 400,
  },
  BACKUP_REPOSITORY_LOCKED: {
    message: 'Another program holds the repository: {holder}.',
    help: 'Wait until it has finished. After a crash of restic, run restic unlock.',
    retryable: true,
    status: 423,
  },
  BACKUP_REPOSITORY_CLOSED: {
    message: 'The repository was closed.',
    help: 'Open it again.',
  },
  BACKUP_OBJECT_CORRUPT: {
    message: 'The object {key} is damaged: {reason}.',
    help: 'Run check to see what it affects, then repair, with a replica when there is one.',
  },
  BACKUP_OBJECT_MISSING: {
    message: 'The object {key} is missing.',
    help: 'Run check to see what it affects, then repair, with a replica when there is one.',
    status: 404,
  },
  BACKUP_BLOB_MISSING: {
    message: 'No index knows the {type} blob {id}.',
    help: 'Run check; when an index was lost, repair builds it again from the packs.',
  },
  BACKUP_BLOB_CORRUPT: {
    message: 'The {type} blob {id} in pack {pack} is damaged: {reason}.',
    help: 'Run check with level 3 to see every file it affects, then repair from a replica.',
  },
  BACKUP_TREE_INVALID: {
    message: 'A folder of the snapshot cannot be read: {reason}.',
    help: 'It was not written like this by restic or this package; restore another snapshot.',
  },
  BACKUP_TREE_TOO_LARGE: {
    message:
      'A folder with {entries} entries is too large to be backed up: its list would have more than {limit} bytes.',
    help: 'Spread its files over several folders, or leave it out with exclude.',
    status: 413,
  },
  BACKUP_SNAPSHOT_NOT_FOUND: {
    message: 'There is no snapshot {snapshot}.',
    help: 'List the snapshots; an id may be shortened as long as it names only one.',
    status: 404,
  },
  BACKUP_SNAPSHOT_AMBIGUOUS: {
    message: 'Several snapshots begin with {snapshot}.',
    help: 'Give more digits of the id.',
    status: 400,
  },
  BACKUP_PATH_NOT_FOUND: {
    message: 'The snapshot {snapshot} holds no {path}.',
    help: 'List the folder above it with entries().',
    status: 404,
  },
  BACKUP_PATH_NOT_FILE: {
    message: 'The entry {path} of snapshot {snapshot} is no {wanted} but a {found}.',
    help: 'Use entries() for folders and open() for files.',
    status: 400,
  },
  BACKUP_SESSION_LOST: {
    message: 'The backup stood still so long that others took it for dead, and content it counted on was removed.',
    help: 'Run it again: what it stored is still there. Raise sessionTimeout when pauses of this length are normal.',
    retryable: true,
  },
  BACKUP_PRUNE_UNSAFE: {
    message: 'Nothing is pruned: {reason}.',
    help: 'Run check, then repair; forget a snapshot that cannot be repaired.',
  },
  BACKUP_STORE_DAMAGED_UPLOAD: {
    message: 'The store kept {stored} of {sent} bytes of {key}.',
    help: 'Set the checksum mode or profile of the store; it accepted an upload and stored something else.',
    retryable: true,
  },
})
