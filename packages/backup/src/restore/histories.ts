import { join } from 'node:path'
import { readFile, type Disk } from '@exprsn/core/disk'
import { parseTimelineHistory, timelineHistoryName, type TimelineSwitch } from '../replication/timeline.ts'

/** Reads the history files of a folder of WAL. @throws `BACKUP_POSTGRES_PROTOCOL` for one that is no history */
export async function readHistories(
  disk: Disk,
  folder: string,
  timelines: readonly number[],
): Promise<ReadonlyMap<number, readonly TimelineSwitch[]>> {
  const histories = new Map<number, readonly TimelineSwitch[]>()
  for (const timeline of timelines) {
    const bytes = await readFile(disk, join(folder, timelineHistoryName(timeline)))
    histories.set(timeline, parseTimelineHistory(new TextDecoder().decode(bytes)))
  }
  return histories
}
