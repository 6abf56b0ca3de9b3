// A clock for danger.js: browsers slow the timers of a tab that nobody looks at down to one a minute, but not a worker's.
setInterval(() => postMessage(0), 4000);
