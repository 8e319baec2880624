import type { Duration } from '@exprsn/core'
import type { Lexicons } from '../lexicon/index.ts'
import type { CardReader, ImageProcessor, VideoUploader } from '../media/index.ts'
import type { ResolveMention } from '../richtext/index.ts'
import type { BudgetWindow } from './budget-window.ts'
import { publishErrors } from './errors.ts'
import type { Mapping } from './mapping.ts'
import type { PublishAccount } from './publish-account.ts'
import type { SendingOptions } from './sending-options.ts'

/** Options of `createPublisher`. */
export interface CreatePublisherOptions<Items> extends SendingOptions {
  /** Writes to the account's PDS. */
  readonly account: PublishAccount
  /** How items become records, by name. */
  readonly mappings: { readonly [Name in keyof Items]: Mapping<Items[Name]> }
  /** The DID of a handle that is mentioned. @default asks the account's host */
  readonly resolveMention?: ResolveMention | undefined
  /** Makes images fit that are too large: `sharpImages()`. @default none: such images are refused */
  readonly images?: ImageProcessor | undefined
  /** Prepares videos: `createVideoUploader()`. @default none: drafts with a video are refused */
  readonly videos?: VideoUploader | undefined
  /** Reads titles and pictures of cards that have none: `createCardReader()`. @default none: such cards show their address */
  readonly cards?: CardReader | undefined
  /** The host's rate limits for writes. @default officialBudget */
  readonly budget?: readonly BudgetWindow[] | undefined
  /** Checks records before they are stored. @default those of `app.bsky` and `com.atproto` */
  readonly lexicons?: Lexicons | undefined
  /**
   * Items that have waited for longer, and were never published, are parked instead: after an outage nobody wants a flood.
   * @default none are
   */
  readonly maxAge?: Duration | undefined
  /**
   * At most so many items that were never published are sent in any hour, by all processes together; the others wait for their
   * turn. Edits and deletions are not held up. @default no limit but the host's
   */
  readonly newItemsPerHour?: number | undefined
}

/** @throws `ATPROTO_PUBLISH_MAPPING_UNKNOWN` */
export function mappingOf<Items, Name extends keyof Items & string>(
  { mappings }: Pick<CreatePublisherOptions<Items>, 'mappings'>,
  mapping: Name,
): Mapping<Items[Name]> {
  if (!Object.hasOwn(mappings, mapping)) throw publishErrors.ATPROTO_PUBLISH_MAPPING_UNKNOWN({ mapping })
  return mappings[mapping]
}
