import type { DataObject } from '../codec/index.ts'
import type { WhoMayReply } from './post-draft.ts'

/** Where gates stand among the parts of an item: behind all posts, so that numbers of posts may change. */
export const firstThreadgate = 1_000_000
export const firstPostgate = 2_000_000

export const threadgates = 'app.bsky.feed.threadgate'
export const postgates = 'app.bsky.feed.postgate'

/** The number of the post that a part is, or belongs to. */
export function postOf(part: number): number {
  return part % firstThreadgate
}

/** Whether a part is a gate, not a post or another record. */
export function isGate(part: number): boolean {
  return part >= firstThreadgate
}

/** Says who may answer; without `replies` everybody: a gate that is no longer wanted says so. */
export function threadgateOf(post: string, createdAt: number, replies: WhoMayReply | undefined): DataObject {
  const allow = replies === undefined ? {} : { allow: rulesOf(replies) }
  return { $type: threadgates, post, ...allow, createdAt: new Date(createdAt).toISOString() }
}

/** Says whether a post may be quoted. */
export function postgateOf(post: string, createdAt: number, quotes: boolean): DataObject {
  const embeddingRules = quotes ? {} : { embeddingRules: [{ $type: `${postgates}#disableRule` }] }
  return { $type: postgates, post, ...embeddingRules, createdAt: new Date(createdAt).toISOString() }
}

function rulesOf(replies: WhoMayReply): DataObject[] {
  if (replies === 'nobody') return []
  const { mentioned = false, followers = false, following = false, lists = [] } = replies
  return [
    ...(mentioned ? [{ $type: `${threadgates}#mentionRule` }] : []),
    ...(followers ? [{ $type: `${threadgates}#followerRule` }] : []),
    ...(following ? [{ $type: `${threadgates}#followingRule` }] : []),
    ...lists.map((list) => ({ $type: `${threadgates}#listRule`, list })),
  ]
}
