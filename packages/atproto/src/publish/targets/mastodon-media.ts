import { sleep, type Clock } from '@exprsn/core'
import type { ClientResponse, RequestOptions } from '@exprsn/core/client'
import { prepareImage, type ImageProcessor } from '../../media/index.ts'
import { isMediaError } from '../publish-media.ts'
import { targetErrors } from './errors.ts'
import type { CrossPostImage, TargetCall } from './publish-target.ts'

/** Images of one post. */
export const imagesOfPost = 4
const mostPolls = 60
const pollInterval = 1_000

/** What an upload works with. */
export interface MastodonMediaContext {
  readonly target: string
  /** Reads an image of the host. @default none: posts with images are refused */
  readonly media?: ((ref: string, call: TargetCall) => Promise<Uint8Array>) | undefined
  readonly processor?: ImageProcessor | undefined
  readonly maxBytes: number
  readonly clock: Clock
  /** Sends a request to the instance. */
  readonly send: (method: string, path: string, options: RequestOptions, call: TargetCall) => Promise<ClientResponse>
  /** Throws for answers that are none. */
  readonly check: (method: string, answer: ClientResponse) => void
  /** What ends a post that is not to be had. */
  readonly refuse: (reason: string) => Error
}

/** Uploads images. One whose answer gets lost is uploaded again: the instance forgets what no post shows. @returns their ids */
export async function uploadImages(
  context: MastodonMediaContext,
  images: readonly CrossPostImage[],
  call: TargetCall,
): Promise<string[]> {
  const ids: string[] = []
  for (const image of images) ids.push(await uploadImage(context, image, call))
  return ids
}

async function uploadImage(
  context: MastodonMediaContext,
  { ref, alt }: CrossPostImage,
  call: TargetCall,
): Promise<string> {
  const { bytes, type } = await prepared(context, ref, call)
  const form = new FormData()
  form.set('description', alt)
  form.set('file', new Blob([bytes as Uint8Array<ArrayBuffer>], { type }), `image.${type.split('/')[1]}`)
  const answer = await context.send('POST', '/api/v2/media', { body: form }, call)
  context.check('POST media', answer)
  const { id } = answer.json() as { readonly id: string }
  if (answer.status === 202) await untilReady(context, String(id), call)
  return String(id)
}

async function prepared({ media, processor, maxBytes, refuse }: MastodonMediaContext, ref: string, call: TargetCall) {
  if (media === undefined) throw refuse('it has images, and the target was given nothing to read them with')
  try {
    return await prepareImage(await media(ref, call), { maxBytes, processor, signal: call.signal })
  } catch (error) {
    throw isMediaError(error) ? refuse(error.message) : error
  }
}

/** A post is refused while its images are worked on. */
async function untilReady({ target, clock, send, check }: MastodonMediaContext, id: string, call: TargetCall) {
  for (let poll = 0; poll < mostPolls; poll++) {
    const answer = await send('GET', `/api/v1/media/${id}`, {}, call)
    check('GET media', answer)
    if (answer.status !== 206) return
    await sleep(pollInterval, { clock, signal: call.signal })
  }
  throw targetErrors.ATPROTO_TARGET_UNAVAILABLE({ target, method: 'GET media', status: 206 })
}
