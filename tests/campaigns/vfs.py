"""SQLite's file layer with a watcher in between, in the very library that the sqlite3 module runs on.

The system's own layer is copied, and in the copy those calls that change files are replaced; all others (reads, locks,
shared memory) stay native. While ``watched`` lasts, the copy is SQLite's default, so that nobody else has to know of it.
"""

import _sqlite3
import ctypes
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_int64, c_void_p
from pathlib import Path
from typing import Any

OK, FULL, READ_ONLY = 0, 13, 8
WRITE_ERROR, SYNC_ERROR = 10 | (3 << 8), 10 | (4 << 8)


class Watcher:
    """Asked before each change of a file: 0 lets it happen, any other of SQLite's codes is what it fails with.

    A write that fails has written its first half, as a disk would that fills up.
    """

    def write(self, file: Path, offset: int, data: bytes) -> int:
        return OK

    def truncate(self, file: Path, size: int) -> int:
        return OK

    def delete(self, file: Path) -> int:
        return OK

    def sync(self, file: Path) -> int:
        return OK

    def synced(self, file: Path) -> None:
        """The sync is over, and what was written to the file before it is safe."""


class _Vfs(ctypes.Structure):
    """sqlite3_vfs of the C interface."""

    _fields_ = [
        ("iVersion", c_int),
        ("szOsFile", c_int),
        ("mxPathname", c_int),
        ("pNext", c_void_p),
        ("zName", c_char_p),
        ("pAppData", c_void_p),
        ("xOpen", c_void_p),
        ("xDelete", c_void_p),
        ("others", c_void_p * 14),
    ]


class _Methods(ctypes.Structure):
    """sqlite3_io_methods of the C interface."""

    _fields_ = [
        ("iVersion", c_int),
        ("xClose", c_void_p),
        ("xRead", c_void_p),
        ("xWrite", c_void_p),
        ("xTruncate", c_void_p),
        ("xSync", c_void_p),
        ("others", c_void_p * 13),
    ]


class _File(ctypes.Structure):
    """The head of every open file of SQLite's: what to call for it."""

    _fields_ = [("pMethods", POINTER(_Methods))]


# SQLite keeps the name that a file is opened by where it is, so the pointer itself must be handed on.
_CLOSE = CFUNCTYPE(c_int, c_void_p)
_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, POINTER(_File), c_int, POINTER(c_int))
_DELETE = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
_WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)

# A symbol looked up in the module is found in the library that it is linked to.
_library = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
_library.sqlite3_vfs_find.restype = POINTER(_Vfs)
_library.sqlite3_vfs_find.argtypes = [c_char_p]
_library.sqlite3_vfs_register.argtypes = [POINTER(_Vfs), c_int]
_library.sqlite3_vfs_unregister.argtypes = [POINTER(_Vfs)]
_kept: list[Any] = []  # What C code still points to must not be collected.


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Every database that is opened meanwhile is watched, until the end or until it is closed."""
    native = _library.sqlite3_vfs_find(None)
    layer = _Layer(watcher, native)
    _kept.append(layer)
    _library.sqlite3_vfs_register(layer.vfs, 1)
    try:
        yield
    finally:
        _library.sqlite3_vfs_register(native, 1)
        _library.sqlite3_vfs_unregister(layer.vfs)
        layer.withdraw()


class _Layer:
    def __init__(self, watcher: Watcher, native: Any) -> None:
        self._watcher, self._native = watcher, native
        self._names: dict[int, Path] = {}
        self._native_methods: dict[int, _Methods] = {}
        self._methods: dict[int, _Methods] = {}
        self._open_natively = _OPEN(native.contents.xOpen)
        self._delete_natively = _DELETE(native.contents.xDelete)
        copy = _Vfs.from_buffer_copy(native.contents)
        copy.pNext, copy.zName = None, b"watched"
        copy.xOpen = _callback(_OPEN, self._open)
        copy.xDelete = _callback(_DELETE, self._delete)
        # A connection that is never closed points to it until the very end of the process.
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(copy))
        self.vfs = ctypes.pointer(copy)

    def withdraw(self) -> None:
        """Gives what is still open back to the system's own layer: Python may end before it is closed."""
        for place, methods in list(self._native_methods.items()):
            _File.from_address(place).pMethods = ctypes.pointer(methods)
        self.vfs.contents.xOpen = self._native.contents.xOpen
        self.vfs.contents.xDelete = self._native.contents.xDelete

    def _open(self, _vfs: int, name: int | None, file: Any, flags: int, out: Any) -> int:
        code: int = self._open_natively(ctypes.addressof(self._native.contents), name, file, flags, out)
        if code == OK and name:
            place, methods = ctypes.addressof(file.contents), file.contents.pMethods.contents
            self._names[place] = Path(os.fsdecode(ctypes.string_at(name)))
            self._native_methods[place] = methods
            file.contents.pMethods = ctypes.pointer(self._watched(methods))
        return code

    def _delete(self, _vfs: int, name: bytes, sync: int) -> int:
        code = self._watcher.delete(Path(os.fsdecode(name)))
        return code or self._delete_natively(ctypes.addressof(self._native.contents), name, sync)

    def _watched(self, native: _Methods) -> _Methods:
        """The file's native methods with ours in place of four; a file has one of very few such tables."""
        place = ctypes.addressof(native)
        if place not in self._methods:
            copy = _Methods.from_buffer_copy(native)
            copy.xClose = _callback(_CLOSE, self._close(_CLOSE(native.xClose)))
            copy.xWrite = _callback(_WRITE, self._write(_WRITE(native.xWrite)))
            copy.xTruncate = _callback(_TRUNCATE, self._truncate(_TRUNCATE(native.xTruncate)))
            copy.xSync = _callback(_SYNC, self._sync(_SYNC(native.xSync)))
            self._methods[place] = copy
        return self._methods[place]

    def _close(self, natively: Callable[..., int]) -> Callable[..., int]:
        def close(file: int) -> int:
            del self._names[file], self._native_methods[file]
            return natively(file)

        return close

    def _write(self, natively: Callable[..., int]) -> Callable[..., int]:
        def write(file: int, data: int, size: int, offset: int) -> int:
            code = self._watcher.write(self._names[file], offset, ctypes.string_at(data, size))
            written = natively(file, data, size if code == OK else size // 2, offset)
            return code or written

        return write

    def _truncate(self, natively: Callable[..., int]) -> Callable[..., int]:
        def truncate(file: int, size: int) -> int:
            return self._watcher.truncate(self._names[file], size) or natively(file, size)

        return truncate

    def _sync(self, natively: Callable[..., int]) -> Callable[..., int]:
        def sync(file: int, flags: int) -> int:
            code = self._watcher.sync(self._names[file]) or natively(file, flags)
            if code == OK:
                self._watcher.synced(self._names[file])
            return code

        return sync


def _callback(kind: Any, function: Callable[..., int]) -> Any:
    """A pointer that C may call for as long as this process lives."""
    made = kind(function)
    _kept.append(made)
    return ctypes.cast(made, c_void_p)
