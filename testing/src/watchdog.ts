export { startWatchdog } from '@exprsn/backup/server'
