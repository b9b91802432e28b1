import { LOG_LEVELS } from '../domain/LogLine.ts';
import { AsciiWords } from './AsciiWords.ts';

const TRACE = LOG_LEVELS.indexOf('trace');
export const DEBUG = LOG_LEVELS.indexOf('debug');
export const INFO = LOG_LEVELS.indexOf('info');
export const WARN = LOG_LEVELS.indexOf('warn');
export const ERROR = LOG_LEVELS.indexOf('error');
export const FATAL = LOG_LEVELS.indexOf('fatal');

/** Meanings up to this are indices into LOG_LEVELS. */
export const HIGHEST_LEVEL = FATAL;
/** The name of a field whose value is a level. */
export const LEVEL_KEY = 16;
/** The first words of a Python traceback and of a Rust panic, which the words after them must confirm. */
export const TRACEBACK = 17;
export const THREAD = 18;

/** Words that tell of a line's level. */
export const LEVEL_WORDS = new AsciiWords({
  trace: TRACE,
  verbose: TRACE,
  debug: DEBUG,
  info: INFO,
  notice: INFO,
  warn: WARN,
  warning: WARN,
  err: ERROR,
  error: ERROR,
  severe: ERROR,
  fatal: FATAL,
  crit: FATAL,
  critical: FATAL,
  panic: FATAL,
  emerg: FATAL,
  alert: FATAL,
  lvl: LEVEL_KEY,
  level: LEVEL_KEY,
  levelname: LEVEL_KEY,
  loglevel: LEVEL_KEY,
  log_level: LEVEL_KEY,
  severity: LEVEL_KEY,
  traceback: TRACEBACK,
  thread: THREAD,
});

const CALENDAR =
  'jan feb mar apr may jun jul aug sep oct nov dec mon tue wed thu fri sat sun am pm utc gmt'.split(' ');
/** Words that a time may be written with. */
export const CALENDAR_WORDS = new AsciiWords(Object.fromEntries(CALENDAR.map((word) => [word, 1])));
