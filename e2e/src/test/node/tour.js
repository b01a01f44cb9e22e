// The Node client on tour: says line by line what it asked and what it was told. Usage: node tour.js HOST:PORT
'use strict';

const zookeeper = require('node-zookeeper-client');

const {ACL, CreateMode, Id, Permission} = zookeeper;
const ROOT = '/node-tour';

function number(buffer) {
  return Buffer.isBuffer(buffer) ? buffer.readBigInt64BE(0).toString() : String(buffer);
}

function stat(s) {
  if (!s) return 'no stat';
  return ['czxid', 'mzxid', 'pzxid', 'ctime', 'mtime', 'version', 'cversion', 'aversion', 'ephemeralOwner', 'dataLength',
    'numChildren'].map(name => `${name}=${number(s[name])}`).join(' ');
}

function text(answer) {
  if (answer === undefined || answer === null) return 'nothing';
  if (Buffer.isBuffer(answer)) return answer.length > 100 ? `${answer.length} bytes` : `'${answer}'`;
  if (Array.isArray(answer)) return `[${answer.map(text).sort().join(', ')}]`;
  if (answer.czxid) return stat(answer);
  if (answer.id && answer.permission !== undefined) return `${answer.permission} ${answer.id.scheme}:${answer.id.id}`;
  return String(answer);
}

// Asks, waits, and says the answer after what watchers heard before it.
function ask(what, call) {
  return new Promise(resolve => call((error, ...answer) => {
    console.log(`${what} -> ${error ? `${error.name} ${error.code} at ${error.path}` : answer.map(text).join(' ')}`);
    resolve();
  }));
}

function watcher(name) {
  return event => console.log(`${name} hears ${event.name} ${event.type} ${event.path}`);
}

function connect(server) {
  const client = zookeeper.createClient(server, {sessionTimeout: 30000, retries: 3});
  return new Promise(resolve => {
    client.once('connected', () => resolve(client));
    client.connect();
  });
}

async function creates(client) {
  await ask('root', done => client.create(ROOT, done));
  await ask('root again', done => client.create(ROOT, done));
  for (const mode of Object.keys(CreateMode)) {
    await ask(mode, done => client.create(`${ROOT}/${mode}-`, Buffer.from('data'), ACL.OPEN_ACL_UNSAFE, CreateMode[mode], done));
  }
  await ask('child of ephemeral', done => client.create(`${ROOT}/EPHEMERAL-/child`, done));
  await ask('no parent', done => client.create(`${ROOT}/none/child`, done));
  await ask('mkdirp', done => client.mkdirp(`${ROOT}/deep/er/still`, done));
  await ask('list', done => client.listSubTreeBFS(`${ROOT}/deep`, done));
  await ask('remove recursive', done => client.removeRecursive(`${ROOT}/deep`, done));
}

async function readsAndWrites(client) {
  const path = `${ROOT}/PERSISTENT-`;
  await ask('exists', done => client.exists(path, done));
  await ask('exists none', done => client.exists(`${ROOT}/none`, done));
  await ask('get', done => client.getData(path, done));
  await ask('get none', done => client.getData(`${ROOT}/none`, done));
  await ask('set', done => client.setData(path, Buffer.from('new'), 0, done));
  await ask('set stale', done => client.setData(path, Buffer.from('newer'), 0, done));
  await ask('set any', done => client.setData(path, Buffer.alloc(900000), done));
  await ask('get big', done => client.getData(path, done));
  await ask('set empty', done => client.setData(path, Buffer.alloc(0), done));
  await ask('children', done => client.getChildren(ROOT, done));
  await ask('children of none', done => client.getChildren(`${ROOT}/none`, done));
  await ask('remove not empty', done => client.remove(ROOT, done));
  await ask('remove stale', done => client.remove(path, 0, done));
  await ask('remove', done => client.remove(path, 3, done));
  await ask('remove again', done => client.remove(path, done));
}

async function acls(client) {
  const path = `${ROOT}/mine`;
  client.addAuthInfo('digest', Buffer.from('ann:secret'));
  await ask('create', done => client.create(path, null, ACL.CREATOR_ALL_ACL, done));
  await ask('acl', done => client.getACL(path, done));
  await ask('set acl', done => client.setACL(path, ACL.READ_ACL_UNSAFE, 0, done));
  await ask('set acl, no right', done => client.setACL(path, ACL.OPEN_ACL_UNSAFE, -1, done));
  await ask('acl', done => client.getACL(path, done));
  await ask('acl of none', done => client.getACL(`${ROOT}/none`, done));
  const unknown = [new ACL(Permission.ALL, new Id('nobody', 'x'))];
  await ask('unknown scheme', done => client.create(`${ROOT}/x`, null, unknown, done));
}

async function transactions(client) {
  const path = `${ROOT}/t`;
  const results = done => (error, answer) => {
    console.log((answer || []).map(each => `${each.type} ${each.err} ${each.path} ${stat(each.stat)}`).join('\n'));
    done(error);
  };
  await ask('commit', done => client.transaction().create(path, Buffer.from('x')).setData(path, Buffer.from('y'), 0)
    .check(path, 1).create(`${path}-`, CreateMode.PERSISTENT_SEQUENTIAL).remove(path, 1).commit(results(done)));
  await ask('commit refused', done => client.transaction().create(path).check(path, 7).commit(results(done)));
}

async function watches(client) {
  const path = `${ROOT}/w`;
  await ask('exists', done => client.exists(path, watcher('exists watcher'), done));
  await ask('children', done => client.getChildren(ROOT, watcher('child watcher'), done));
  await ask('create', done => client.create(path, done));
  await ask('get', done => client.getData(path, watcher('data watcher'), done));
  await ask('set', done => client.setData(path, Buffer.from('x'), done));
  await ask('own children', done => client.getChildren(path, watcher('own child watcher'), done));
  await ask('get', done => client.getData(path, watcher('data watcher'), done));
  await ask('remove', done => client.remove(path, done));
}

async function closing(server, client) {
  const other = await connect(server);
  await ask('create', done => other.create(`${ROOT}/gone`, null, ACL.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL, done));
  console.log(`session timeout ${other.getSessionTimeout()}, state ${other.getState()}, password of ${other.getSessionPassword().length}`);
  console.log(`another session: ${!other.getSessionId().equals(client.getSessionId())}`);
  const ended = new Promise(resolve => other.once('disconnected', resolve));
  other.close();
  await ended;
  await ask('after close', done => client.exists(`${ROOT}/gone`, done));
}

/** Leaf by leaf: removeRecursive fails midway, and what it has removed by then is up to the order of children. */
async function clean(client) {
  for (const below of ['/deep/er/still', '/deep/er', '/deep']) {
    await ask(`remove ${below}`, done => client.remove(ROOT + below, done));
  }
  const names = await new Promise((resolve, reject) =>
    client.getChildren(ROOT, (error, children) => error ? reject(error) : resolve(children)));
  for (const name of names.sort()) await ask(`remove ${name}`, done => client.remove(`${ROOT}/${name}`, done));
  await ask('remove all', done => client.remove(ROOT, done));
}

async function tour(server) {
  const client = await connect(server);
  await creates(client);
  await readsAndWrites(client);
  await acls(client);
  await transactions(client);
  await watches(client);
  await closing(server, client);
  await clean(client);
  const ended = new Promise(resolve => client.once('disconnected', resolve));
  client.close();
  await ended;
  console.log('the tour is over');
}

tour(process.argv[2]).catch(error => {
  console.log(error);
  process.exit(1);
});
