import { parsePageHeader } from '../wal/page-header.ts'
import { isSegmentSize, parseSegmentName } from '../wal/segment.ts'
import { archiveErrors } from './errors.ts'

/**
 * Looks whether bytes are the segment that a name stands for, and of which cluster: a mixed-up path or a cut file is seen while the
 * server still has the right one.
 *
 * @returns The cluster's system identifier.
 * @throws `BACKUP_ARCHIVE_SEGMENT_INVALID`
 */
export function checkSegment(name: string, bytes: Uint8Array): bigint {
  const invalid = (reason: string) => archiveErrors.BACKUP_ARCHIVE_SEGMENT_INVALID({ name, reason })
  if (!isSegmentSize(bytes.length)) throw invalid(`${bytes.length} bytes are no size of a segment`)
  const header = parsePageHeader(bytes)
  if (header?.long === undefined) throw invalid('it does not begin with the header of a segment')
  if (header.long.segmentSize !== bytes.length)
    throw invalid(`it has ${bytes.length} bytes of ${header.long.segmentSize}`)
  const segment = parseSegmentName(name, bytes.length)
  if (segment === undefined || header.address !== segment.start) throw invalid('it holds another part of the log')
  // A segment in which a timeline begins may have been begun on the one before.
  if (header.timeline > segment.timeline) throw invalid('it belongs to a later timeline')
  return header.long.systemIdentifier
}
