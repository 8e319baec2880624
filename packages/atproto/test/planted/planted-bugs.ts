/** A bug as a change of one source file. */
export interface PlantedBug {
  /** Below `src`. */
  readonly file: string
  readonly from: string
  readonly to: string
}

/** Checks that are left out or turned around: each alone must let an attack through. */
export const plantedBugs: Readonly<Record<string, PlantedBug>> = {
  'the hash of a block is not compared': {
    file: 'codec/car-index.ts',
    from: "if (hash('sha256', viewOf(bytes, start + cidLength, end), 'base64') === expected) return",
    to: 'if (expected !== "") return',
  },
  'keys of maps may be in any order': {
    file: 'codec/cbor-reader.ts',
    from: "throw this.#invalid(at, 'keys are not sorted and unique')",
    to: ';',
  },
  'numbers may be longer than they need to be': {
    file: 'codec/cbor-reader.ts',
    from: 'if (value < least)',
    to: 'if (value < 0)',
  },
  'bytes may follow a value': {
    file: 'codec/cbor-reader.ts',
    from: 'if (this.position !== end)',
    to: 'if (this.position > end)',
  },
  'values may be as deep as they like': {
    file: 'codec/cbor-reader.ts',
    from: 'if (++this.#depth > this.#maxDepth)',
    to: 'if (++this.#depth < 0)',
  },
  's may lie in the upper half': {
    file: 'crypto/verify-signature.ts',
    from: '|| !isLowS(signature, curves[curve].halfOrder)',
    to: '',
  },
  'r may be above the order': {
    file: 'crypto/k256/verify-k256.ts',
    from: 'r >= order ||',
    to: '',
  },
  'a signature is not verified': {
    file: 'repo/commit.ts',
    from: 'verifySignature(signingKey, encodeCbor(unsigned), sig)',
    to: 'sig.length === 64',
  },
  'keys of a tree may be of another layer': {
    file: 'repo/walk-mst.ts',
    from: 'if (expected !== undefined && layer !== expected)',
    to: 'if (expected !== undefined && layer > expected)',
  },
  'keys of a node may be of several layers': {
    file: 'repo/walk-mst.ts',
    from: 'if (entry > 0 && mstLayer(level.key, level.length) !== layer)',
    to: 'if (entry < 0)',
  },
  'keys may be out of order between nodes': {
    file: 'repo/walk-mst.ts',
    from: 'if (compare && !this.#isAscending(level))',
    to: 'if (compare && level.length < 0)',
  },
  'a prefix may be shorter than it could be': {
    file: 'repo/walk-mst.ts',
    from: 'if (prefix < level.length && bytes[from]! <= level.key[prefix]!)',
    to: 'if (prefix < level.length && bytes[from]! < level.key[prefix]!)',
  },
  'a repository may be of another account': {
    file: 'repo/verify-repo.ts',
    from: 'if (did !== undefined && commit.did !== did)',
    to: 'if (did === commit.rev)',
  },
  'a proof may be of another account': {
    file: 'repo/record-proof.ts',
    from: 'if (commit.did !== did)',
    to: 'if (did === commit.rev)',
  },
  'a commit may be of another account': {
    file: 'repo/verify-commit.ts',
    from: 'if (commit.did !== message.did)',
    to: 'if (message.did === "")',
  },
  'a revision may be of the future': {
    file: 'repo/verify-commit.ts',
    from: '> clock.now() + maxClockSkew',
    to: '> clock.now() + maxClockSkew * 1e9',
  },
  'the tree before is not compared': {
    file: 'repo/verify-commit.ts',
    from: ': prevData.equals(before)',
    to: ': before !== prevData',
  },
  'operations are not taken back': {
    file: 'repo/verify-commit.ts',
    from: "if (proof === 'inductive') checkInduction(tree, message)",
    to: '',
  },
  'what is old counts as following': {
    file: 'repo/verify-commit.ts',
    from: 'if (rev <= previous.rev)',
    to: 'if (rev < "")',
  },
  'a gap counts as following': {
    file: 'repo/verify-commit.ts',
    from: 'since === previous.rev && sameData',
    to: 'sameData || since !== null',
  },
  'a DID need not be the hash of its first operation': {
    file: 'identity/plc/plc-log.ts',
    from: 'didOfGenesis(entry.operation) !== did',
    to: 'didOfGenesis(entry.operation) === ""',
  },
  'any rotation key may undo': {
    file: 'identity/plc/plc-log.ts',
    from: 'return rotationKeys.slice(0, rotationKeys.indexOf(signedBy))',
    to: 'return signedBy === "" ? [] : rotationKeys',
  },
  'the time to undo does not end': {
    file: 'identity/plc/plc-log.ts',
    from: '> recoveryWindow)',
    to: '> recoveryWindow * 1000)',
  },
  'marks of the directory are believed': {
    file: 'identity/plc/plc-log.ts',
    from: 'if (claimedNullified !== nullified)',
    to: 'if (claimedNullified === 7)',
  },
  'the CID of the directory is believed': {
    file: 'identity/plc/plc-log.ts',
    from: 'if (claimed.cid !== cid)',
    to: 'if (claimed.cid === 7)',
  },
  'an operation may follow a tombstone': {
    file: 'identity/plc/plc-log.ts',
    from: "if (state === undefined) throw refuse('it follows a tombstone')",
    to: 'if (state === undefined) return { position, signedBy: "" }',
  },
}
