// The host's own script: it knows what LAYIM.md names, and writes down what it hears.
(function () {
  // Each page of the suite begins with an empty storage; a reload keeps what it has.
  var fresh = location.search;
  if (fresh && sessionStorage.getItem('fresh') !== fresh) {
    localStorage.clear();
    sessionStorage.setItem('fresh', fresh);
  }
  window.heard = [];
  var names = ['ready', 'online', 'sign', 'setSkin', 'sendMessage', 'members', 'chatChange'];

  function plain(value) {
    if (value && value.jquery) return { jquery: value.length, class: value.attr('class'), tag: value[0] && value[0].tagName };
    if (typeof value === 'function') return 'function';
    if (Array.isArray(value)) return value.map(plain);
    if (value && typeof value === 'object') {
      var copy = {};
      Object.keys(value).forEach(function (key) { copy[key] = plain(value[key]); });
      return copy;
    }
    return value;
  }
  window.plain = plain;

  window.begin = function (options, after) {
    return new Promise(function (resolve) {
      layui.use('layim', function (layim) {
        window.layim = layim;
        names.forEach(function (name) {
          layim.on(name, function () {
            window.heard.push([name].concat(Array.prototype.map.call(arguments, plain)));
          });
        });
        layim.on('ready', function () { setTimeout(resolve, 0); });
        window.returned = layim.config(options) === layim;
        if (after) after(layim);
      });
    });
  };
})();
